"""Fits the items' factors with Spark's ALS, from the event table that `nearside export-events` writes.

    spark-submit --deploy-mode client fit_factors.py --events events.parquet --pack retail --to factors.parquet
    python fit_factors.py …            # the same on one machine; needs pyspark 3.5, pyarrow and Java 8, 11 or 17

A person who took up an item, however often, is one pair with rating 1. Spark minimises
`sum over all (u, i) of c (p - x_u y_i)^2 + lambda (sum of n_u |x_u|^2 + sum of n_i |y_i|^2)`, with p = 1 and
c = 1 + alpha for the pairs, p = 0 and c = 1 for all others. A person with n items is therefore
`x = (sum over all items of y y^T + alpha sum over theirs of y y^T + lambda n I)^-1 (1 + alpha) sum over theirs of y`,
which is `collab::fold_in` with G = Y^T Y, c = alpha, t = 1 + alpha, r = lambda. Spark solves the people last, so its own
people's factors are that x for the items' factors that are written. Only items leave: the table, and a JSON beside it."""

import argparse
import datetime
import hashlib
import json
import pathlib
import time

import pyarrow
import pyarrow.parquet
from pyspark.ml.recommendation import ALS
from pyspark.sql import SparkSession, functions

# As src/origin/store/dataset.rs: types at least as strong as a click, feedback that speaks for its item, items only.
CHOICES = """RECOMMENDATION_ACCEPTED RSVP PURCHASED INSTALLED GOAL_COMPLETED GOAL_CREATED SAVED SHARED CONTENT_COMPLETED
    CONTENT_READ CLICKED FEATURE_USED NOTIFICATION_OPENED""".split()
OTHER_TARGETS = "category feature goal notification page search tag topic".split()


def read_settings():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--events", required=True, help="Parquet, at any address that Spark reads")
    parser.add_argument("--pack", required=True)
    parser.add_argument("--before", type=datetime.date.fromisoformat, help="leaves out what happened from this UTC day on")
    parser.add_argument("--to", required=True, type=pathlib.Path, help="FILE.parquet; FILE.json comes beside it")
    parser.add_argument("--people-to", type=pathlib.Path, help="people's factors, for `nearside check-factors` only")
    for name, value in {"rank": 64, "sweeps": 16, "seed": 1, "regularisation": 0.01, "alpha": 2.0}.items():
        parser.add_argument(f"--{name}", type=type(value), default=value)
    return parser.parse_args()


def read_pairs(events, pack, before):
    column = functions.col
    is_good_rating = (column("action") == "rating") & (column("value") >= 4)
    is_praise = (column("interaction_type") == "FEEDBACK") & (column("action").isin("positive", "helpful") | is_good_rating)
    is_item = column("target_type").isNull() | ~column("target_type").isin(OTHER_TARGETS)
    chosen = events.where((column("pack") == pack) & column("target_id").isNotNull() & is_item)
    chosen = chosen.where(column("interaction_type").isin(CHOICES) | is_praise)
    if before:
        midnight = datetime.datetime.combine(before, datetime.time(), datetime.timezone.utc)
        chosen = chosen.where(column("timestamp") < int(midnight.timestamp() * 1000))
    return chosen.select("user_id", column("target_id").alias("item_id")).distinct()


def numbered(pairs, name):
    """Spark wants whole numbers for names: their places in order, so that a second run has the same ones."""
    places = pairs.select(name).distinct().sort(name).rdd.zipWithIndex().map(lambda found: (found[0][0], found[1]))
    return places.toDF(f"{name} string, number int").cache()


def write(factors, names, name, path):
    rows = factors.join(names, factors.id == names.number).select(name, "features").collect()
    columns = zip(*sorted(tuple(row) for row in rows))
    schema = pyarrow.schema([(name, pyarrow.string()), ("factors", pyarrow.list_(pyarrow.float32()))])
    pyarrow.parquet.write_table(pyarrow.table([list(column) for column in columns], schema=schema), path)


settings = read_settings()
spark = SparkSession.builder.appName("nearside factors").config("spark.ui.showConsoleProgress", False).getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
if spark.sparkContext.master.startswith("local"):
    spark.conf.set("spark.sql.shuffle.partitions", spark.sparkContext.defaultParallelism)  # 200 small tasks take a minute
pairs = read_pairs(spark.read.parquet(settings.events), settings.pack, settings.before).cache()
if pairs.isEmpty():
    raise SystemExit(f"{settings.events} holds no choices of the pack {settings.pack}")
people, items = numbered(pairs, "user_id"), numbered(pairs, "item_id")
ratings = pairs.join(people.withColumnRenamed("number", "user"), "user_id").join(items.withColumnRenamed("number", "item"), "item_id")
als = ALS(userCol="user", itemCol="item", ratingCol="rating", implicitPrefs=True, nonnegative=False, rank=settings.rank,
          maxIter=settings.sweeps, seed=settings.seed, regParam=settings.regularisation, alpha=settings.alpha)
counts = {"people": people.count(), "items": items.count(), "pairs": pairs.count()}
started = time.perf_counter()
model = als.fit(ratings.withColumn("rating", functions.lit(1.0)))
print(f"fitted {settings.rank} factors in {time.perf_counter() - started:.1f} s: {counts}")
write(model.itemFactors, items, "item_id", settings.to)
if settings.people_to:
    write(model.userFactors, people, "user_id", settings.people_to)
told = {"format": 1, "engine": f"Spark {spark.version} ALS", "pack": settings.pack, "before": str(settings.before or "") or None,
        "rank": settings.rank, "regParam": settings.regularisation, "alpha": settings.alpha, "maxIter": settings.sweeps,
        "seed": settings.seed, **counts, "sha256": hashlib.sha256(settings.to.read_bytes()).hexdigest()}
settings.to.with_suffix(".json").write_text(json.dumps(told, indent=2) + "\n")
spark.stop()
