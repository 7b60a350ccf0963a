"""Reference scores of scikit-learn's HistGradientBoosting on an extract of “adult income”.

Adult ("Census Income"): Becker, B. and Kohavi, R. (1996), UCI Machine Learning Repository, doi 10.24432/C5XW20, licence
CC BY 4.0. The extract has 3,500 rows of adult.csv (14 columns and the outcome), drawn with a seed; categories are codes
in the order of their names, unknown values are empty.

Run with scikit-learn and pandas:
    python trees-fixture.py PATH/adult.csv > trees-fixture.json      (writes adult-extract.csv beside itself, too)
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import (accuracy_score, average_precision_score, balanced_accuracy_score, log_loss, r2_score,
                             roc_auc_score)

TRAINING, TESTED = 1500, 2000
CATEGORIES = ["workclass", "education", "marital-status", "occupation", "relationship", "race", "sex", "native-country"]

table = pd.read_csv(sys.argv[1], na_values="?", skipinitialspace=True)
table = table.iloc[np.random.RandomState(0).permutation(len(table))[:TRAINING + TESTED]].reset_index(drop=True)
sizes = []
for name in table.columns:
    if name in CATEGORIES or name == "income-per-year":
        names = sorted(table[name].dropna().unique())
        sizes.append(len(names))
        table[name] = table[name].map({value: code for code, value in enumerate(names)})
    else:
        sizes.append(0)
table.astype("Int64").to_csv(Path(__file__).with_name("adult-extract.csv"), index=False)
values = table.to_numpy(dtype=np.float32)
sizes, outcome, rows = sizes[:-1], values[:, -1].astype(int), values[:, :-1]
train, test = slice(0, TRAINING), slice(TRAINING, None)
numbers = [place for place, size in enumerate(sizes) if size == 0]


def classified(target, classes):
    model = HistGradientBoostingClassifier(early_stopping=False, categorical_features=[size > 0 for size in sizes])
    chances = model.fit(rows[train], target[train]).predict_proba(rows[test])
    truth = target[test]
    one_hot = np.eye(classes)[truth]
    return {
        "accuracy": accuracy_score(truth, chances.argmax(1)),
        "balanced-accuracy": balanced_accuracy_score(truth, chances.argmax(1)),
        "auroc": roc_auc_score(one_hot, chances, average="macro"),
        "auprc": average_precision_score(one_hot, chances, average="macro"),
        "log-loss": log_loss(truth, chances),
    }


hours = list(table.columns).index("hours-per-week")
others = [place for place in range(len(sizes)) if place != hours]
regressor = HistGradientBoostingRegressor(early_stopping=False, categorical_features=[sizes[p] > 0 for p in others])
told = regressor.fit(rows[train][:, others], rows[train, hours]).predict(rows[test][:, others])
first = HistGradientBoostingClassifier(early_stopping=False, max_iter=1).fit(rows[train][:, numbers], outcome[train])
# Three classes: never married, married, all others.
marital = list(table.columns).index("marital-status")
married = np.select([rows[:, marital] == 4, rows[:, marital] == 2], [0, 1], 2)
rows_of_all, sizes_of_all = rows, sizes
kept = [place for place in range(len(sizes)) if place not in (marital, list(table.columns).index("relationship"))]
rows, sizes = rows[:, kept], [sizes[place] for place in kept]
three = classified(married, 3)
rows, sizes = rows_of_all, sizes_of_all

print(json.dumps({
    "columns": list(table.columns[:-1]),
    "categories": sizes,
    "training": TRAINING,
    "outcome": classified(outcome, 2),
    "married": three,
    "hours": {"r2": r2_score(rows[test, hours], told)},
    # Of the first twenty test rows, from one tree on numbers alone.
    "firstTree": [round(value, 9) for value in first.predict_proba(rows[test][:20, numbers])[:, 1]],
}, indent=1))
