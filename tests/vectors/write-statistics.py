"""Writes tests/vectors/statistics.json: expected numbers of the statistics, from definitions, with 50 digits.

Needs Python 3 and mpmath: python3 tests/vectors/write-statistics.py > tests/vectors/statistics.json
Distributions are integrals and special functions of mpmath; e-values are integrals of likelihood ratios over the prior,
and not the closed forms that the engine has; quantiles are roots.
"""

import json
import sys

from mpmath import asin, beta, betainc, erfc, exp, findroot, gammainc, inf, log, loggamma, mp, mpf, ncdf, pi, quad, sqrt

mp.dps = 50


def digits(value):
    if isinstance(value, dict):
        return {name: digits(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [digits(inner) for inner in value]
    return float(value) if isinstance(value, mp.mpf) else value


def tail(x):
    return erfc(mpf(x) / sqrt(2)) / 2


def quantile_above(p):
    p = mpf(p)
    if p > 0.5:
        return -quantile_above(1 - p)
    start = sqrt(-2 * log(p)) if p < 0.1 else mpf(0.1)
    return findroot(lambda z: log(tail(z)) - log(p), start)


def student_tail(t, degrees):
    t, degrees = mpf(t), mpf(degrees)
    if t < 0:
        return 1 - student_tail(-t, degrees)
    return betainc(degrees / 2, mpf(1) / 2, 0, degrees / (degrees + t * t), regularized=True) / 2


def student_quantile_above(p, degrees):
    start = log(quantile_above(p) * (1 + 2 / mpf(degrees)))
    return exp(findroot(lambda u: log(student_tail(exp(u), degrees)) - log(mpf(p)), start))


def chi_square_tail(x, degrees):
    return gammainc(mpf(degrees) / 2, mpf(x) / 2, inf, regularized=True)


Z95 = quantile_above(mpf("0.025"))


def wilson(conversions, units):
    n, p = mpf(units), mpf(conversions) / units
    centre, z2 = p + Z95**2 / (2 * n), Z95**2
    reach = Z95 * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return (centre - reach) / (1 + z2 / n), (centre + reach) / (1 + z2 / n)


def two_proportions(nc, sc, nt, st):
    pc, pt = mpf(sc) / nc, mpf(st) / nt
    pooled = mpf(sc + st) / (nc + nt)
    difference = pt - pc
    z_pooled = difference / sqrt(pooled * (1 - pooled) * (mpf(1) / nc + mpf(1) / nt))
    error = sqrt(pc * (1 - pc) / nc + pt * (1 - pt) / nt)
    (lc, uc), (lt, ut) = wilson(sc, nc), wilson(st, nt)
    newcombe = [difference - sqrt((pt - lt) ** 2 + (uc - pc) ** 2), difference + sqrt((ut - pt) ** 2 + (pc - lc) ** 2)]
    return dict(
        nc=nc, sc=sc, nt=nt, st=st, diff=difference, se_unpooled=error,
        z_pooled=z_pooled, p_pooled=2 * tail(abs(z_pooled)),
        z_unpooled=difference / error, p_unpooled=2 * tail(abs(difference / error)),
        wilson95=[[lc, uc], [lt, ut]], newcombe95=newcombe,
    )


def welch(n1, mean1, var1, n2, mean2, var2):
    v1, v2 = mpf(var1) / n1, mpf(var2) / n2
    degrees = (v1 + v2) ** 2 / (v1**2 / (n1 - 1) + v2**2 / (n2 - 1))
    difference = mpf(mean2) - mpf(mean1)
    t = difference / sqrt(v1 + v2)
    reach = student_quantile_above(mpf("0.025"), degrees) * sqrt(v1 + v2)
    return dict(
        n1=n1, mean1=mean1, var1=var1, n2=n2, mean2=mean2, var2=var2, t=t, df=degrees,
        p=2 * student_tail(abs(t), degrees), ci95=[difference - reach, difference + reach],
    )


def chi_square(counts, weights):
    total, whole = mpf(sum(counts)), mpf(sum(weights))
    found = sum((n - total * w / whole) ** 2 / (total * w / whole) for n, w in zip(counts, weights))
    return dict(counts=counts, weights=weights, chi2=found, p=chi_square_tail(found, len(counts) - 1))


def sizes(base, rel_mde, alpha, power, ratio):
    p1, p2, r = mpf(base), mpf(base) * (1 + mpf(rel_mde)), mpf(ratio)
    za, zb = quantile_above(mpf(alpha) / 2), quantile_above(1 - mpf(power))
    apart = p1 * (1 - p1) + p2 * (1 - p2) / r
    pooled = (p1 + r * p2) / (1 + r)
    null = pooled * (1 - pooled) * (1 + 1 / r)
    h = 2 * (asin(sqrt(p2)) - asin(sqrt(p1)))
    found = findroot(lambda z: ncdf(z - za) + ncdf(-z - za) - mpf(power), za + zb)
    return dict(
        base=base, rel_mde=rel_mde, alpha=alpha, power=power, ratio=ratio,
        n_control_unpooled=(za + zb) ** 2 * apart / (p2 - p1) ** 2,
        n_control_pooled=(za * sqrt(null) + zb * sqrt(apart)) ** 2 / (p2 - p1) ** 2,
        n_control_cohen_h=(found / h) ** 2 * (1 + 1 / r),
    )


def simes(members):
    ordered = sorted(members)
    return min(mpf(len(ordered)) * p / (rank + 1) for rank, p in enumerate(ordered))


def corrections(p_values):
    """Holm and Hommel as closures over all sets of hypotheses: the definition, not the step-wise forms."""
    p, m = [mpf(value) for value in p_values], len(p_values)
    holm, hommel = [mpf(0)] * m, [mpf(0)] * m
    for mask in range(1, 2**m):
        members = [i for i in range(m) if mask >> i & 1]
        of_bonferroni = min(1, len(members) * min(p[i] for i in members))
        of_simes = min(1, simes(p[i] for i in members))
        for i in members:
            holm[i], hommel[i] = max(holm[i], of_bonferroni), max(hommel[i], of_simes)
    harmonic = sum(mpf(1) / rank for rank in range(1, m + 1))
    by = lambda factor: [
        min([mpf(1)] + [factor * m * q / sum(other <= q for other in p) for q in p if q >= own]) for own in p
    ]
    return dict(
        p=p_values, bonferroni=[min(mpf(1), m * own) for own in p], sidak=[1 - (1 - own) ** m for own in p],
        holm=holm, hommel=hommel, fdr_bh=by(1), fdr_by=by(harmonic),
    )


def normal_mixture(units, planned, alpha, z):
    """The likelihood ratio of a drift, in the mean over a normal prior of it."""
    doubled = -2 * log(mpf(alpha))
    rho2 = (doubled + log(1 + doubled)) / planned
    total, n, deviation = mpf(z) * sqrt(units), mpf(units), sqrt(rho2)
    ratio = lambda drift: exp(drift * total - drift**2 * n / 2 - drift**2 / (2 * rho2)) / (deviation * sqrt(2 * pi))
    peak = total / (n + 1 / rho2)
    width = 1 / sqrt(n + 1 / rho2)
    log_e = log(quad(ratio, [peak + k * width for k in (-40, -12, -6, -3, 0, 3, 6, 12, 40)]))
    scaled = n * rho2
    return dict(
        N=units, N_star=planned, alpha=alpha, z=z, rho2=rho2, log_e=log_e, p=min(mpf(1), exp(-log_e)),
        halfwidth_in_se=sqrt((scaled + 1) / scaled * (doubled + log(1 + scaled))),
    )


def toss_mixture(won, lost, p, concentration, lowest=0):
    """The likelihood ratio of a probability above `lowest`, in the mean over a beta prior of it."""
    a, b, p = mpf(concentration) * mpf(p), mpf(concentration) * (1 - mpf(p)), mpf(p)
    centre, n = (a + won) / (a + b + won + lost), a + b + won + lost
    width = sqrt(centre * (1 - centre) / n)
    # The likelihood is scaled by its height at the centre, because integrals are exact to digits after the point.
    height = won * log(centre) + lost * log(1 - centre)
    likelihood = lambda q: won * log(q) + lost * log(1 - q) - height
    density = lambda q: exp((a - 1) * log(q) + (b - 1) * log(1 - q) - log(beta(a, b)) + likelihood(q))
    cuts = [centre + k * width for k in range(-30, 31, 2)]
    cuts = [mpf(lowest)] + [cut for cut in cuts if lowest < cut < 1] + [mpf(1)]
    share = betainc(a, b, mpf(lowest), 1, regularized=True) if lowest else 1
    return log(quad(density, cuts) / share) + height - won * log(p) - lost * log(1 - p)


def log_beta_share(a, b, x):
    """ln I_x(a, b), as an integral where the shapes are large, because the series is slow there."""
    if max(a, b) < 100:
        return log(betainc(a, b, 0, x, regularized=True))
    density = lambda q: exp((a - 1) * log(q / x) + (b - 1) * log((1 - q) / (1 - x)))
    # Away from x the density falls off within this length.
    width = 1 / max(abs((a - 1) / x - (b - 1) / (1 - x)), sqrt(a + b) / 10)
    cuts = sorted({mpf(0), x} | {x - k * width for k in (1, 3, 10, 30, 100, 300) if x > k * width})
    return log(quad(density, cuts)) + (a - 1) * log(x) + (b - 1) * log(1 - x) - loggamma(a) - loggamma(b) + loggamma(a + b)


def dirichlet(counts, weights, concentration):
    shares = [mpf(w) / sum(mpf(v) for v in weights) for w in weights]
    log_beta = lambda values: sum(loggamma(v) for v in values) - loggamma(sum(values))
    prior = [concentration * share for share in shares]
    log_e = log_beta([a + n for a, n in zip(prior, counts)]) - log_beta(prior)
    log_e -= sum(n * log(share) for n, share in zip(counts, shares))
    return dict(counts=counts, weights=weights, concentration=concentration, log_e=log_e)


def fieller(control_mean, control_variance, variant_mean, variant_variance, covariance, reach):
    """The two lifts at which the contrast is exactly `reach` standard errors from 0."""
    cm, cv, vm, vv, k = (mpf(v) for v in (control_mean, control_variance, variant_mean, variant_variance, covariance))
    a, b, c = cm**2 - reach**2 * cv, vm * cm - reach**2 * k, vm**2 - reach**2 * vv
    root = sqrt(b * b - a * c)
    return dict(
        control_mean=control_mean, control_variance=control_variance, variant_mean=variant_mean,
        variant_variance=variant_variance, covariance=covariance, reach=reach,
        ends=sorted([(b - root) / a - 1, (b + root) / a - 1]),
    )


def pre_period(units):
    """Units of two arms with a pre-period, and Welch's test before and after it was taken out."""
    state, pre, post, treated = 12_345, [], [], []
    for index in range(units):
        state = (state * 1_103_515_245 + 12_345) % 2**31
        pre.append(round(10 + 6 * (state / 2**31 - 0.5), 4))
        state = (state * 1_103_515_245 + 12_345) % 2**31
        post.append(round(0.7 * pre[-1] + 3 * (state / 2**31) + (0.3 if index % 3 == 0 else 0), 4))
        treated.append(index % 3 == 0)
    x, y = [mpf(str(v)) for v in pre], [mpf(str(v)) for v in post]
    mean = lambda values: sum(values) / len(values)
    mx, my = mean(x), mean(y)
    theta = sum((a - mx) * (b - my) for a, b in zip(x, y)) / sum((a - mx) ** 2 for a in x)

    def test(values):
        arms = [[v for v, t in zip(values, treated) if t == side] for side in (False, True)]
        facts = [(len(arm), mean(arm), sum((v - mean(arm)) ** 2 for v in arm) / (len(arm) - 1)) for arm in arms]
        return welch(*facts[0], *facts[1]), facts[1][1] - facts[0][1]

    adjusted = [b - theta * (a - mx) for a, b in zip(x, y)]
    (raw, diff_raw), (found, diff_adj) = test(y), test(adjusted)
    left = sum((v - my) ** 2 for v in adjusted) / sum((v - my) ** 2 for v in y)
    return dict(
        pre=pre, post=post, treated=treated, theta_pooled_overall=theta, variance_reduction=1 - left,
        diff_raw=diff_raw, t_raw=raw["t"], p_raw=raw["p"], diff_adj=diff_adj, t_adj=found["t"], p_adj=found["p"],
    )


TABLE = {
    "generator": "tests/vectors/write-statistics.py, mpmath with 50 digits",
    "two_proportions": [
        two_proportions(*row)
        for row in [(800, 31, 900, 52), (200_000, 9_000, 150_000, 7_900), (40, 0, 60, 7), (500, 500, 400, 380),
                    (3_000_000, 60_000, 3_000_000, 75_000)]
    ],
    "welch": [welch(*row) for row in [(12, 3.0, 2.0, 9, 5.5, 7.0), (50_000, 2.0, 30.0, 70_000, 2.4, 90.0),
                                      (2_000_000, 10.0, 400.0, 2_000_000, 10.7, 500.0)]],
    "srm_chi2": [chi_square(*row) for row in [([700, 810], [1, 1]), ([520, 1_010, 2_000, 470], [1, 2, 4, 1]),
                                              ([1_000_000, 1_037_000], [1, 1])]],
    "srm_zero_weight_arm": dict(counts=[2_000, 0, 2_210], weights=[1, 0, 1], p_df1=chi_square([2_000, 2_210], [1, 1])["p"]),
    "sample_size_proportions": [sizes(*row) for row in [(0.02, 0.2, 0.05, 0.8, 1), (0.3, 0.05, 0.01, 0.95, 2),
                                                       (0.2, -0.1, 0.05, 0.9, 0.25), (0.5, 0.004, 0.2, 0.3, 1)]],
    "multiple": [corrections(p) for p in [[0.013, 0.9, 0.0004, 0.02, 0.019, 0.3, 0.011, 0.05], [0.04, 0.03, 0.02],
                                          [1e-12, 0.5, 0.5, 1e-12, 0.049]]],
    "asymp_confidence_sequence_waudby_smith": [
        normal_mixture(*row) for row in [(500, 2_000, 0.05, 1.0), (80_000, 20_000, 0.01, 4.2), (30, 10_000, 0.1, -3.0),
                                         (1_000_000, 10_000, 0.05, 12.0)]
    ],
    "beta_binomial_e_value_equal_split": [
        dict(treat=won, control=lost, prior=prior, log_e=toss_mixture(won, lost, 0.5, 2 * prior))
        for won, lost, prior in [(70, 50, 30), (0, 4, 2), (21_000, 20_000, 400)]
    ],
    "too_many": [
        dict(won=won, lost=lost, p=p, concentration=k, log_e=toss_mixture(won, lost, p, k, p))
        for won, lost, p, k in [(70, 50, 0.5, 60), (30, 90, 0.5, 60), (300, 500, 0.3, 20.0), (5, 0, 0.8, 3.0)]
    ],
    "dirichlet_multinomial_srm_e_value": [
        dirichlet(*row) for row in [([900, 1_050], [1, 1], 80), ([100, 210, 330, 90], [1, 2, 3, 1], 1_000),
                                    ([300_000_000, 300_400_000], [1, 1], 1_000)]
    ],
    "norm": [dict(x=x, sf=tail(x)) for x in [-9, -1.5, 0.25, 2, 6, 12.5, 30, 37]],
    "norm_log": [dict(x=x, log_sf=log(tail(x))) for x in [-8, -1, 0, 3, 19.99, 20, 40, 1_000]],
    "norm_ppf": [dict(p=p, x=-quantile_above(p)) for p in [1e-300, 1e-40, 1e-5, 0.01, 0.3, 0.6, 0.999]],
    "student_t_sf": [
        dict(t=t, df=df, sf=student_tail(t, df))
        for t, df in [(-1.2, 3.3), (0.01, 0.5), (2.5, 7), (30, 2.5), (9, 150.5), (38, 1_000), (36, 1e5), (5, 1e8), (36, 1e8)]
    ],
    "t_ppf": [
        dict(p=1 - p, df=df, x=student_quantile_above(p, df))
        for p, df in [(0.25, 2.2), (0.0625, 1.1), (0.03125, 11), (0.0009765625, 64.5), (0.25, 1e7)]
    ],
    "chi2_sf": [
        dict(x=x, df=df, sf=chi_square_tail(x, df))
        for x, df in [(0.001, 1), (0.5, 2), (7, 3), (30, 9), (120, 40), (900, 4), (1_350, 1), (1_000, 1_000)]
    ],
    "incomplete_beta": [
        dict(a=a, b=b, x=x, log_i=log_beta_share(mpf(a), mpf(b), mpf(x)))
        for a, b, x in [(0.5, 0.5, 0.125), (3, 40, 0.25), (700, 300, 0.5), (50_000, 50_000, 0.4921875), (2, 1e6, 2**-19)]
    ],
    "fieller": [
        fieller(*row) for row in [(10.0, 0.04, 11.0, 0.09, 0.0, 3.0), (0.02, 1e-7, 0.024, 1.2e-7, 2e-8, 3.3),
                                  (0.1, 0.04, 3.0, 0.09, 0.0, 3.0), (-4.0, 0.5, 2.0, 0.1, -0.05, 2.0)]
    ],
    "cuped": pre_period(60),
}

json.dump(digits(TABLE), sys.stdout, indent=1)
print()
