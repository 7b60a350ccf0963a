"""Scores and fits of weighted samples by scikit-learn: python3 weighted-fixture.py > weighted-fixture.json"""

import json
import math

import numpy as np
import sklearn
from sklearn import metrics
from sklearn.linear_model import LogisticRegression, Ridge

random = np.random.default_rng(14)
count, classes = 60, 3
# Some probabilities are equal, as ranks have to cope with that.
raw = np.round(random.random((count, classes)), 1) + 0.1
probabilities = raw / raw.sum(1, keepdims=True)
targets = random.integers(0, classes, count)
weights = np.round(random.random(count) * 4 + 0.25, 2)
answers = probabilities.argmax(1)
numbers = np.round(random.normal(size=count), 3)
guesses = np.round(numbers + random.normal(size=count) / 2, 3)
one_hot = np.eye(classes)[targets]
own = {"sample_weight": weights}

rank = lambda score: float(
    np.mean([score(targets == k, probabilities[:, k], sample_weight=weights) for k in range(classes)])
)
features = np.round(random.normal(size=(count, 3)), 3).astype(np.float32)
scaled = weights / weights.mean()
ridge = Ridge(alpha=2).fit(features, numbers, sample_weight=scaled)
logistic = LogisticRegression(C=0.5, tol=1e-10, max_iter=5000).fit(features, targets, sample_weight=scaled)

print(
    json.dumps(
        {
            "scikitLearn": sklearn.__version__,
            "targets": targets.tolist(),
            "weights": weights.tolist(),
            "probabilities": probabilities.ravel().tolist(),
            "numbers": numbers.tolist(),
            "guesses": guesses.tolist(),
            "classScores": {
                "accuracy": metrics.accuracy_score(targets, answers, **own),
                "balanced-accuracy": metrics.balanced_accuracy_score(targets, answers, **own),
                "macro-f1": metrics.f1_score(targets, answers, average="macro", **own),
                "kappa": metrics.cohen_kappa_score(targets, answers, **own),
                "auroc": rank(metrics.roc_auc_score),
                "auprc": rank(metrics.average_precision_score),
                "log-loss": metrics.log_loss(targets, probabilities, **own),
                "brier": float(np.average(((probabilities - one_hot) ** 2).sum(1), weights=weights)),
            },
            "numberScores": {
                "r2": metrics.r2_score(numbers, guesses, **own),
                "rmse": math.sqrt(metrics.mean_squared_error(numbers, guesses, **own)),
                "mae": metrics.mean_absolute_error(numbers, guesses, **own),
            },
            "features": features.ravel().tolist(),
            "ridge": {"kernel": ridge.coef_.tolist(), "bias": float(ridge.intercept_)},
            "logistic": logistic.predict_proba(features).ravel().tolist(),
        }
    )
)
