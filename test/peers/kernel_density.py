"""Log densities by scikit-learn's KernelDensity with nothing approximated, for test/peers/kernel-density.ts.

    python3 kernel_density.py FOLDER DIMENSION BANDWIDTH NAME...

Reads NAME.centers, NAME.standing and NAME.noise (little-endian f32, row-major) from FOLDER; a query is the sum of the
latter two, taken in f64. Writes NAME.scores (little-endian f64), nats. Prints the versions.
"""
import platform
import sys
from pathlib import Path

import numpy as np
import sklearn
from sklearn.neighbors import KernelDensity

folder, dimension, bandwidth = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])


def points(name):
    return np.fromfile(folder / name, dtype="<f4").astype(np.float64).reshape(-1, dimension)


for name in sys.argv[4:]:
    density = KernelDensity(kernel="gaussian", bandwidth=bandwidth, rtol=0, atol=0).fit(points(f"{name}.centers"))
    scores = density.score_samples(points(f"{name}.standing") + points(f"{name}.noise"))
    scores.astype("<f8").tofile(folder / f"{name}.scores")
print(f"scikit-learn {sklearn.__version__}, numpy {np.__version__}, Python {platform.python_version()}")
