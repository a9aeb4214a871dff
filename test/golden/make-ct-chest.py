#!/usr/bin/python3
"""Golden output for test/inference/preparation/volume/real-volume.test.ts: the chest CT of ../shared/dicom as a model's input.

Debian: python3-numpy, python3-scipy, python3-pydicom. Run from the repository's root, beside which shared/ lies:
    /usr/bin/python3 test/golden/make-ct-chest.py
pydicom reads, scipy.ndimage.map_coordinates resamples; of the result every 97th value is stored.
"""
import json
import pathlib

import numpy as np
import pydicom
from scipy.ndimage import map_coordinates

SPACING = np.array([4.0, 5.0, 3.0])
SIZE = (20, 64, 160)
WINDOWS = ([-600, 1500], [40, 400])

root = pathlib.Path(__file__).parents[2]
slices = [pydicom.dcmread(path) for path in (root.parent / "shared/dicom/demo/ct-chest").glob("*.dcm")]
slices.sort(key=lambda s: float(s.ImagePositionPatient[2]))
first = slices[0]
hu = np.stack([s.pixel_array.astype(float) * float(s.RescaleSlope) + float(s.RescaleIntercept) for s in slices])
own = np.array([float(slices[1].ImagePositionPatient[2] - first.ImagePositionPatient[2]), *map(float, first.PixelSpacing)])
count = np.maximum(1, np.floor(hu.shape * own / SPACING + 0.5)).astype(int)
start = ((np.array(hu.shape) - 1) * own - (count - 1) * SPACING) / 2 + np.floor((count - SIZE) / 2) * SPACING
where = np.meshgrid(*[(start[a] + np.arange(SIZE[a]) * SPACING[a]) / own[a] for a in range(3)], indexing="ij")
values = map_coordinates(hu, where, order=1, mode="nearest")
outside = np.any([(w < -0.5 - 1e-9) | (w > n - 0.5 + 1e-9) for w, n in zip(where, hu.shape)], axis=0)
values[outside] = -1024
channels = np.stack([np.clip((values - (c - w / 2)) / w, 0, 1) for c, w in WINDOWS])
path = pathlib.Path(__file__).with_name("ct-chest.json")
path.write_text(json.dumps(dict(spacing=SPACING.tolist(), size=SIZE, windows=WINDOWS, every=97, lowest=float(hu.min()),
                                outside=int(outside.sum()), values=[float(f"{v:.9g}") for v in np.ravel(channels)[::97]]), separators=(",", ":")) + "\n")
print(path, path.stat().st_size, "bytes; grid", count, "outside", int(outside.sum()))
