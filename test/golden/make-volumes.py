#!/usr/bin/python3
"""Golden outputs for test/inference/preparation/volume/{resample-volume,golden-inputs}.test.ts.

Debian: python3-numpy, python3-scipy, python3-opencv. Run from the repository's root:
    /usr/bin/python3 test/golden/make-volumes.py
Inputs are formulas that the test has too; only outputs are stored. Points are computed here by 4x4 matrices
(PS3.3 C.7.6.2.1.1), values by scipy.ndimage.map_coordinates / affine_transform, scipy.interpolate and cv2.resize.
"""
import json
import pathlib

import cv2
import numpy as np
import scipy
from scipy.interpolate import RegularGridInterpolator
from scipy.ndimage import affine_transform, map_coordinates

OUTSIDE = -1000.0


def volume(size):
    """float32 values in -1000..1990, lively in every direction."""
    k, j, i = np.meshgrid(*[np.arange(n) for n in size], indexing="ij")
    return (((k * 31 + j * 17 + i * 7 + k * j * i * 3) % 300) * 10 - 1000 + k * 0.25).astype(np.float32).astype(np.float64)


def axes(orientation):
    row = np.array(orientation[:3], float)
    row /= np.linalg.norm(row)
    normal = np.cross(row, orientation[3:])
    normal /= np.linalg.norm(normal)
    return row, np.cross(normal, row), normal


def points(grid):
    """Centres of a grid's voxels, [D, H, W, 3], by a homogeneous matrix."""
    row, column, normal = axes(grid["orientation"])
    matrix = np.eye(4)
    matrix[:3, 0] = normal * grid["spacing"][0]
    matrix[:3, 1] = column * grid["spacing"][1]
    matrix[:3, 2] = row * grid["spacing"][2]
    matrix[:3, 3] = grid["origin"]
    k, j, i = np.meshgrid(*[np.arange(n) for n in grid["size"]], indexing="ij")
    return (np.stack([k, j, i, np.ones_like(k)], axis=-1) @ matrix.T)[..., :3]


def in_source(source, world):
    """mm along normal, column, row from the source's first pixel."""
    row, column, normal = axes(source["orientation"])
    return (world - np.array(source["origin"], float)) @ np.stack([normal, column, row], axis=-1)


def resample(source, grid):
    """Even or uneven, sheared or not: each slice by map_coordinates at its own place, then between the two neighbours."""
    values = volume(source["size"])
    positions = np.array(source["positions"], float)
    offsets = np.array(source["offsets"], float)
    slices, rows, columns = source["size"]
    height, down, right = np.moveaxis(in_source(source, points(grid)), -1, 0)
    spacing = source["spacing"]
    at = np.clip(height, 0, positions[-1])
    below = np.clip(np.searchsorted(positions, at, side="right") - 1, 0, slices - 2)
    share = (at - positions[below]) / (positions[below + 1] - positions[below])
    result = np.zeros(grid["size"])
    outside = (height < -spacing / 2 - 1e-9) | (height > positions[-1] + spacing / 2 + 1e-9)
    for step, weight in ((0, 1 - share), (1, share)):
        index = below + step
        y = (down - offsets[index, 1]) / source["pixelSpacing"][0]
        x = (right - offsets[index, 0]) / source["pixelSpacing"][1]
        beyond = (y < -0.5 - 1e-9) | (y > rows - 0.5 + 1e-9) | (x < -0.5 - 1e-9) | (x > columns - 0.5 + 1e-9)
        outside |= beyond & (weight > 0)
        result += weight * map_coordinates(values, [index.astype(float), y, x], order=1, mode="nearest")
    result[outside] = OUTSIDE
    return result


def even(size, spacing, pixel, orientation=(1, 0, 0, 0, 1, 0), origin=(0, 0, 0)):
    positions = [k * spacing for k in range(size[0])]
    return dict(size=size, positions=positions, offsets=[[0, 0]] * size[0], spacing=spacing, pixelSpacing=pixel,
                orientation=list(orientation), origin=list(origin))


def spacing_grid(source, spacing):
    """The documented rule, written again: extent / spacing rounded, about the same centre."""
    offsets = np.array(source["offsets"], float)
    first = np.array([0, offsets[:, 1].min(), offsets[:, 0].min()])
    last = np.array([source["positions"][-1], offsets[:, 1].max() + (source["size"][1] - 1) * source["pixelSpacing"][0],
                     offsets[:, 0].max() + (source["size"][2] - 1) * source["pixelSpacing"][1]])
    own = np.array([source["spacing"], *source["pixelSpacing"]])
    spacing = np.array(spacing, float)
    size = np.maximum(1, np.floor((last - first + own) / spacing + 0.5)).astype(int)
    start = (first + last) / 2 - (size - 1) / 2 * spacing
    row, column, normal = axes(source["orientation"])
    origin = np.array(source["origin"]) + start[0] * normal + start[1] * column + start[2] * row
    return dict(size=size.tolist(), spacing=spacing.tolist(), origin=origin.tolist(), orientation=source["orientation"])


oblique = (0.99644593525999, -0.0767556117672, 0.03469977184499, 0.07317441573769, 0.99280483593224, 0.0947842952762)
sagittal = (0.07520114153212, 0.99716595584538, 0.00220109410209, 0.02644275019617, 0.00021240134921, -0.9996503067812)
sources = {
    "axial": even((6, 7, 8), 3.0, [0.8, 0.7]),
    "thin": even((9, 5, 6), 0.625, [1.5, 1.25], origin=(-201.0615, -424.5615, -27.5)),
    "oblique": even((5, 6, 7), 2.5, [0.43, 0.43], oblique, (-95.7, -127.0, 2.9)),
    "sagittal": even((6, 8, 8), 1.0, [1.1458, 1.1458], sagittal, (50.6, -140.1, 132.0)),
    "two": even((2, 4, 4), 5.0, [1.0, 1.0]),
    "one-row": even((3, 1, 5), 2.0, [1.0, 1.0]),
}
sources["uneven"] = {**sources["axial"], "positions": [0, 2.9, 6.1, 9.0, 12.4, 15.0]}
sources["tilted"] = {**sources["axial"], "offsets": [[0.1 * k, 0.9 * k] for k in range(6)]}
sources["shifted"] = {**sources["uneven"], "offsets": [[0, 0], [0.4, -0.3], [0, 0.2], [-0.5, 0], [0, 0], [0.3, 0.3]]}

cases = []


PLANES = {"axial": (1, 0, 0, 0, 1, 0), "coronal": (1, 0, 0, 0, 0, -1), "sagittal": (0, 1, 0, 0, 0, -1)}


def patient_grid(source, spacing, plane):
    """Along the patient's axes: the box that holds every voxel's outer corners."""
    k, j, i = [np.array([-0.5, n - 0.5]) for n in source["size"]]
    offsets = np.array(source["offsets"], float)
    heights = np.array([-source["spacing"] / 2, source["positions"][-1] + source["spacing"] / 2])
    downs = np.array([offsets[:, 1].min() + j[0] * source["pixelSpacing"][0], offsets[:, 1].max() + j[1] * source["pixelSpacing"][0]])
    rights = np.array([offsets[:, 0].min() + i[0] * source["pixelSpacing"][1], offsets[:, 0].max() + i[1] * source["pixelSpacing"][1]])
    row, column, normal = axes(source["orientation"])
    corners = np.array([source["origin"] + h * normal + d * column + r * row for h in heights for d in downs for r in rights])
    along = corners @ np.stack([axes(PLANES[plane])[n] for n in (2, 1, 0)], axis=-1)
    low, high = along.min(axis=0), along.max(axis=0)
    spacing = np.array(spacing, float)
    size = np.maximum(1, np.floor((high - low) / spacing + 0.5)).astype(int)
    start = (low + high) / 2 - (size - 1) / 2 * spacing
    row, column, normal = axes(PLANES[plane])
    origin = start[0] * normal + start[1] * column + start[2] * row
    return dict(size=size.tolist(), spacing=spacing.tolist(), origin=origin.tolist(), orientation=list(PLANES[plane]))


def case(name, kind, source, grid, values, **more):
    cases.append(dict(name=name, kind=kind, source=source, grid=grid, values=[float(f"{v:.9g}") for v in np.ravel(values)], **more))


for name, source in sources.items():
    for target in ([1.5, 1.0, 1.0], [3.0, 0.5, 1.1]):
        grid = spacing_grid(source, target)
        case(f"{name} to {target} mm", "spacing", source, grid, resample(source, grid))
for name, target in (("axial", "oblique"), ("tilted", "sagittal"), ("uneven", "oblique"), ("oblique", "sagittal"), ("shifted", "axial")):
    goal = sources[target]
    centre = np.array(sources[name]["origin"], float) + np.array([1.0, 1.2, 2.0])
    grid = dict(size=[5, 6, 6], spacing=[1.7, 0.6, 0.9], origin=centre.tolist(), orientation=goal["orientation"])
    case(f"{name} onto a grid as {target}", "grid", sources[name], grid, resample(sources[name], grid))

for name, plane in (("axial", "coronal"), ("oblique", "axial"), ("sagittal", "axial"), ("sagittal", "sagittal"), ("tilted", "sagittal")):
    grid = patient_grid(sources[name], [1.3, 1.1, 0.9], plane)
    case(f"{name} along the patient's axes, {plane}", "patient", sources[name], grid, resample(sources[name], grid), plane=plane)

# The same by scipy's own affine: output index -> input index, inside only (mode 'constant' is the edge of centres).
source = sources["axial"]
matrix = np.diag([1.5 / 3.0, 0.5 / 0.8, 0.5 / 0.7])
grid = dict(size=[9, 9, 10], spacing=[1.5, 0.5, 0.5], origin=[0.35, 0.4, 1.5], orientation=source["orientation"])
case("axial by affine_transform", "grid", source, grid,
     affine_transform(volume(source["size"]), matrix, offset=[0.5, 0.5, 0.5], output_shape=(9, 9, 10), order=1, mode="nearest"))

# Uneven slices by a rectilinear interpolator on millimetres.
source = sources["uneven"]
interpolator = RegularGridInterpolator(
    (source["positions"], np.arange(7) * 0.8, np.arange(8) * 0.7), volume(source["size"]), method="linear")
grid = dict(size=[11, 6, 6], spacing=[1.4, 0.7, 0.8], origin=[0.3, 0.2, 0.5], orientation=source["orientation"])
case("uneven by RegularGridInterpolator", "grid", source, grid, interpolator(points(grid)[..., ::-1]))

# In one slice, stretched to a size: OpenCV's bilinear. Its weights are float32: these sizes make them exact.
for size in ([6, 14, 4], [6, 28, 16]):
    source = sources["axial"]
    planes = [cv2.resize(plane, (size[2], size[1]), interpolation=cv2.INTER_LINEAR) for plane in volume(source["size"])]
    case(f"axial stretched to {size} by cv2", "size", source, dict(size=size), np.stack(planes))

# Stretched along all three axes: half-voxel centres, edges repeated.
for size in ([12, 4, 9], [4, 14, 3]):
    source = sources["axial"]
    where = np.meshgrid(*[(np.arange(n) + 0.5) * m / n - 0.5 for n, m in zip(size, source["size"])], indexing="ij")
    case(f"axial stretched to {size}", "size", source, dict(size=size), map_coordinates(volume(source["size"]), where, order=1, mode="nearest"))

# Whole inputs: a window, or a normalisation over the inside, NaN outside filled as documented.
def sized(grid, size):
    start = np.floor((np.array(grid["size"]) - size) / 2) * grid["spacing"]
    row, column, normal = axes(grid["orientation"])
    return {**grid, "size": list(size), "origin": (np.array(grid["origin"]) + start[0] * normal + start[1] * column + start[2] * row).tolist()}


inputs = []
for name, spacing, size in (("axial", [2.0, 1.0, 1.0], [11, 8, 4]), ("tilted", [1.5, 0.7, 0.8], [6, 14, 9]), ("oblique", None, [7, 5, 9])):
    source = sources[name]
    if spacing is None:
        own = np.array([source["spacing"], *source["pixelSpacing"]])
        grid = spacing_grid(source, (own * source["size"] / size).tolist())
        assert grid["size"] == size
    else:
        grid = sized(spacing_grid(source, spacing), size)
    values = resample(source, grid)
    inside = values != OUTSIDE
    values = values.astype(np.float32).astype(np.float64)  # as the resampled volume is held
    cut = values[inside]
    for windows, normalisation in (([[200, 900], [-300, 1400]], "none"), ([], "z_score"), ([], "min_max"), ([[300, 2000]], "z_score")):
        channels = []
        for window in windows or [None]:
            scale = (lambda x: x) if window is None else (lambda x: np.clip((x - (window[0] - window[1] / 2)) / window[1], 0, 1))
            channel = scale(cut)
            if normalisation == "z_score":
                channel = (channel - channel.mean()) / channel.std()
            if normalisation == "min_max":
                channel = (channel - channel.min()) / (channel.max() - channel.min())
            dark = scale(np.array(OUTSIDE)) if normalisation == "none" else channel.min()
            whole = np.full(values.shape, float(dark))
            whole[inside] = channel
            channels.append(whole)
        inputs.append(dict(name=f"{name}, {len(windows)} windows, {normalisation}", source=source, spacing=spacing, size=size, windows=windows,
                           normalisation=normalisation, values=[float(f"{v:.9g}") for v in np.ravel(channels)]))

# A clip: pixels outside the region 0, INTER_AREA by whole numbers of pixels (OpenCV's own exact case), 0..255 to 0..1.
t, y, x, c = np.meshgrid(np.arange(3), np.arange(12), np.arange(16), np.arange(3), indexing="ij")
clip = ((t * 41 + y * 13 + x * 7 + c * 29 + x * y) % 256).astype(np.float64)
clip_cases = []
for channels in (1, 3):
    frames = []
    for frame in clip / 255:
        planes = [frame @ [0.299, 0.587, 0.114]] if channels == 1 else list(np.moveaxis(frame, -1, 0))
        for plane in planes:
            masked = np.zeros_like(plane)
            masked[2:10, 3:14] = plane[2:10, 3:14]
            frames.append(cv2.resize(masked, (8, 4), interpolation=cv2.INTER_AREA))
    for normalisation in ("none", "z_score"):
        whole = np.array(frames)
        if normalisation == "z_score":
            whole = (whole - whole.mean()) / whole.std()
        clip_cases.append(dict(channels=channels, normalisation=normalisation, values=[float(f"{v:.9g}") for v in np.ravel(whole)]))

made = f"numpy {np.__version__}, scipy {scipy.__version__}, OpenCV {cv2.__version__}"
path = pathlib.Path(__file__).with_name("volumes.json")
path.write_text(json.dumps(dict(made=made, outside=OUTSIDE, cases=cases, inputs=inputs, clips=clip_cases), separators=(",", ":")) + "\n")
print(path, path.stat().st_size, "bytes,", len(cases), len(inputs), len(clip_cases), "cases;", made)
