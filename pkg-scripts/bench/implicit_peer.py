"""Trains the peer of a linear model on Online Retail before 2011-10-10, and prints the seconds that training took.

`ials` is implicit's alternating least squares with conjugate gradients, as many factors and sweeps as ours; `ease` is the
closed form in numpy, which has no peer in implicit."""

import csv
import gzip
import sys
import time

import numpy
import scipy.sparse

TEST_FROM = "2011-10-10"


def purchases(path):
    """Distinct pairs of customer and item, under the protocol of `nearside replay`."""
    pairs = set()
    with gzip.open(path, "rt", encoding="utf-8", errors="replace") as lines:
        for line in csv.DictReader(lines):
            customer, invoice = line["CustomerID"].removesuffix(".0"), line["InvoiceNo"]
            code = line["StockCode"].strip().upper()
            is_kept = customer and invoice[:1] not in ("", "C", "c") and code[:5].isdigit() and len(code) >= 5
            if is_kept and float(line["Quantity"]) > 0 and float(line["UnitPrice"]) > 0 and line["InvoiceDate"] < TEST_FROM:
                pairs.add((customer, code))
    customers = {name: number for number, name in enumerate(sorted({pair[0] for pair in pairs}))}
    items = {name: number for number, name in enumerate(sorted({pair[1] for pair in pairs}))}
    rows = [customers[customer] for customer, _ in sorted(pairs)]
    columns = [items[item] for _, item in sorted(pairs)]
    ones = numpy.ones(len(rows), dtype=numpy.float32)
    return scipy.sparse.csr_matrix((ones, (rows, columns)), shape=(len(customers), len(items)))


def ease(matrix):
    gram = (matrix.T @ matrix).toarray().astype(numpy.float64)
    gram[numpy.diag_indices_from(gram)] += 250.0
    inverse = numpy.linalg.inv(gram)
    weights = inverse / -numpy.diag(inverse)
    numpy.fill_diagonal(weights, 0.0)
    return weights


def ials(matrix):
    from implicit.als import AlternatingLeastSquares

    model = AlternatingLeastSquares(factors=64, regularization=0.1, alpha=10, iterations=16, random_state=1)
    model.fit(matrix, show_progress=False)


matrix = purchases(sys.argv[1])
started = time.perf_counter()
{"ease": ease, "ials": ials}[sys.argv[2]](matrix)
print(time.perf_counter() - started)
