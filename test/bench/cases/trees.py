"""scikit-learn's boosted trees on the same rows, the number of rounds chosen on the same validation rows."""

import numpy as np
from protocol import serve
from sklearn.ensemble import HistGradientBoostingClassifier

# Those that the program's reference tries.
SETTINGS = [(31, 20), (7, 20), (7, 5)]


class Trees:
    def start(self, options):
        self.options = options
        return {}

    def run(self, count):
        options = self.options
        columns = options["columns"]
        rows = np.fromfile(options["rows"], np.float32).reshape(-1, len(columns))
        targets = np.fromfile(options["targets"], np.int32)
        train = np.fromfile(options["train"], np.int32)
        validation = np.fromfile(options["validation"], np.int32)
        categories = [place for place, column in enumerate(columns) if "categories" in column]
        best = None
        for leaves, least in SETTINGS:
            model = HistGradientBoostingClassifier(
                max_leaf_nodes=leaves,
                min_samples_leaf=least,
                max_iter=500,
                categorical_features=categories,
                early_stopping=True,
                n_iter_no_change=20,
                random_state=0,
            )
            model.fit(rows[train], targets[train], X_val=rows[validation], y_val=targets[validation])
            if best is None or model.validation_score_.max() > best.validation_score_.max():
                best = model
        best.predict_proba(rows)[:, 1].astype(np.float64).tofile(options["output"])


if __name__ == "__main__":
    serve(Trees())
