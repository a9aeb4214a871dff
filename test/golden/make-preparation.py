#!/usr/bin/python3
"""Makes preparation.json: what NumPy, OpenCV, scikit-image, SciPy and pydicom make of small pictures.

Needs Debian's python3-numpy 1.24, python3-opencv 4.6, python3-skimage 0.19, python3-scipy 1.10 and python3-pydicom 2.3. Run
it from the root of the repository: /usr/bin/python3 test/golden/make-preparation.py. The same versions give the same file.

Arrays are base64 of little-endian values, by `type`; test/inference/preparation/golden.test.ts compares.
"""
import base64
import json
import pathlib

import cv2
import numpy as np
import pydicom
import scipy
import skimage
from pydicom.dataset import Dataset
from pydicom.pixel_data_handlers import util as dicom
from scipy import ndimage
from skimage import exposure

TYPES = {"float64": "<f8", "uint8": "u1", "uint16": "<u2", "int16": "<i2", "int32": "<i4", "uint32": "<u4", "float32": "<f4"}
cases = []
pictures = {}


def packed(values):
    values = np.ascontiguousarray(values)
    kind = str(values.dtype)
    return {"type": kind, "shape": list(values.shape), "data": base64.b64encode(values.astype(TYPES[kind]).tobytes()).decode()}


def case(function, picture, expected, **parameters):
    cases.append({"function": function, "picture": picture, "parameters": parameters, "expected": packed(np.asarray(expected))})


def picture(name, values):
    pictures[name] = packed(values)
    return name, values


rng = np.random.default_rng(20240229)


def scene(rows, columns):
    """Smooth structure with an edge and noise: 0..1 in steps of 1/4096, so that every program starts from the same numbers."""
    y, x = np.mgrid[0:rows, 0:columns]
    values = 0.5 + 0.3 * np.sin(x / 3.1 + y / 7.3) * np.cos(y / 4.7) + 0.1 * (x > columns / 2) + 0.05 * rng.standard_normal((rows, columns))
    return np.round(np.clip(values, 0, 1) * 4096) / 4096


WIDE = picture("wide", scene(15, 20))
TALL = picture("tall", scene(21, 12))
ODD = picture("odd", scene(13, 13))
SOME = [WIDE, TALL, ODD]

# --- resize -----------------------------------------------------------------------------------------------------------------
METHODS = {"bilinear": cv2.INTER_LINEAR, "area": cv2.INTER_AREA, "cubic": cv2.INTER_CUBIC}
for method, code in METHODS.items():
    for name, values in SOME:
        rows, columns = values.shape
        for target in [(7, 9), (5, 11), (rows, columns), (23, 22), (2 * rows, 27)]:
            shrinks = [target[0] <= rows, target[1] <= columns]
            if method == "area" and shrinks[0] != shrinks[1]:
                continue  # OpenCV averages areas only where both sides shrink
            case(f"resize {method}", name, cv2.resize(values, target[::-1], interpolation=code), rows=target[0], columns=target[1])

# --- windows and tables ------------------------------------------------------------------------------------------------------
HU = picture("hu", rng.integers(-1024, 3000, (12, 15)).astype(np.int16))
DEEP = picture("deep", rng.integers(0, 2**32 - 1, (9, 11), dtype=np.uint32))
SIGNED32 = picture("signed32", rng.integers(-(2**31), 2**31 - 1, (9, 11)).astype(np.int32))
FLOAT = picture("float32", (rng.standard_normal((9, 11)) * 700).astype(np.float32))
DOUBLE = picture("float64", rng.standard_normal((9, 11)) * 1e-3)
BYTES = picture("bytes", rng.integers(0, 256, (12, 13)).astype(np.uint8))
WORDS = picture("words", rng.integers(0, 4096, (12, 13)).astype(np.uint16))


def voi(center, width, function):
    ds = Dataset()
    ds.PhotometricInterpretation, ds.BitsStored, ds.PixelRepresentation = "MONOCHROME2", 16, 0
    ds.WindowCenter, ds.WindowWidth, ds.VOILUTFunction = center, width, function
    # A rescale of 1 and 0 makes pydicom take the output range from these.
    return ds


def windowed(values, center, width, function):
    """pydicom's formulas give 0..65535."""
    return dicom.apply_windowing(values.astype(np.float64), voi(center, width, function)) / 65535


WINDOWS = [(HU, 40, 400), (HU, -600, 1500), (HU, 300.5, 2000.25), (WORDS, 2048, 4096), (WORDS, 1000, 1), (BYTES, 127.5, 255),
           (DEEP, 2.0e9, 3.1e9), (SIGNED32, -1.0e6, 2.5e9), (FLOAT, 12.5, 900.75), (DOUBLE, 2.0, 3.0)]
for (name, values), center, width in WINDOWS:
    x = values.astype(np.float64)
    case("window exact", name, np.clip((x - (center - width / 2)) / width, 0, 1), center=center, width=width)
    case("window LINEAR", name, windowed(values, center, width, "LINEAR"), center=center, width=width)
    case("window LINEAR_EXACT", name, windowed(values, center, width, "LINEAR_EXACT"), center=center, width=width)
    case("window SIGMOID", name, windowed(values, center, width, "SIGMOID"), center=center, width=width)
case("window exact", "float64", np.clip((DOUBLE[1] - (0.0001 - 0.001)) / 0.002, 0, 1), center=0.0001, width=0.002)
case("window SIGMOID", "float64", 1 / (1 + np.exp(-4 * (DOUBLE[1] - 0.0001) / 0.002)), center=0.0001, width=0.002)


def table(values, first, bits):
    item = Dataset()
    item.add_new((0x0028, 0x3002), "SS", [len(values), first, bits])
    item.LUTData = [int(one) for one in values]
    return item


def looked_up(values, entries, first):
    """PS3.3 C.11.1.1: inputs before the table take its first entry, past it the last. pydicom 2.3 knows
    8 and 16 bits only, and inputs that these hold (its clipped_iv has the type of the entries)."""
    return entries[np.clip(values.astype(np.int64) - first, 0, len(entries) - 1)]


for name, values, first, bits in [("words", WORDS[1], 0, 12), ("words", WORDS[1], 700, 16), ("hu", HU[1], -500, 10), ("bytes", BYTES[1], 3, 8),
                                  ("signed32", SIGNED32[1], 0, 12), ("deep", DEEP[1], 5, 10)]:
    entries = np.sort(rng.integers(0, 2**bits, 300 if bits > 8 else 200))
    modality, shown = looked_up(values, entries, first), looked_up(values, entries, first)
    if bits in (8, 16):
        ds = Dataset()
        ds.ModalityLUTSequence = [table(entries, first, bits)]
        ds.VOILUTSequence = [table(entries, first, bits)]
        modality, shown = dicom.apply_modality_lut(values.astype(np.int64), ds), dicom.apply_voi(values.astype(np.int64), ds)
    case("modality LUT", name, modality.astype(np.float64), entries=entries.tolist(), first=first)
    case("VOI LUT", name, shown.astype(np.float64) / (2**bits - 1), entries=entries.tolist(), first=first, bits=bits)
for name, values, slope, intercept in [("hu", HU[1], 1, -1024), ("words", WORDS[1], 0.7421, 13.5), ("bytes", BYTES[1], -2, 0), ("float32", FLOAT[1], 3, 1),
                                       ("deep", DEEP[1], 2, -7), ("signed32", SIGNED32[1], 1, 0)]:
    ds = Dataset()
    ds.RescaleSlope, ds.RescaleIntercept = slope, intercept
    case("rescale", name, dicom.apply_modality_lut(values.astype(np.float64), ds), slope=slope, intercept=intercept)

# --- stored samples and colour: whole numbers -------------------------------------------------------------------------------------
for bits_allocated, bits_stored, high_bit, signed in [(8, 8, 7, 0), (8, 6, 5, 1), (16, 12, 11, 0), (16, 12, 15, 1), (16, 16, 15, 1), (32, 32, 31, 1), (32, 24, 23, 0), (32, 20, 27, 1)]:
    cells = rng.integers(0, 2**bits_allocated, (5, 7), dtype=np.uint64)
    cut = ((cells >> (high_bit + 1 - bits_stored)) & (2**bits_stored - 1)).astype(np.int64)
    if signed:
        cut = np.where(cut >= 2 ** (bits_stored - 1), cut - 2**bits_stored, cut)
    name = f"cells {bits_allocated} {bits_stored} {high_bit} {signed}"
    picture(name, cells.astype(f"uint{bits_allocated}"))
    case("stored values", name, cut.astype(np.float64), bitsAllocated=bits_allocated, bitsStored=bits_stored, highBit=high_bit, pixelRepresentation=signed)
RGB = picture("rgb", rng.integers(0, 256, (8, 9, 3)).astype(np.uint8))
case("luminance", "rgb", RGB[1].astype(np.float64) @ np.array([0.299, 0.587, 0.114]))
case("HSV saturation", "rgb", [skimage.color.rgb2hsv(RGB[1] / 255)[..., 1].mean()])
case("YBR_FULL to RGB", "rgb", dicom.convert_color_space(RGB[1], "YBR_FULL", "RGB"))
palette = rng.integers(0, 65536, (3, 256)).astype(np.uint16)
case("PALETTE COLOR to RGB", "bytes", np.stack([(entries >> 8)[BYTES[1]] for entries in palette], -1).astype(np.uint8), tables=palette.tolist())

# --- statistics ---------------------------------------------------------------------------------------------------------------------
for name, values in SOME:
    case("z_score", name, (values - values.mean()) / values.std())
    case("min_max", name, (values - values.min()) / (values.max() - values.min()))
    case("histogram_equalization", name, exposure.equalize_hist(values))
    for low, high in [(1, 99), (0, 100), (2.5, 60), (33.3, 33.4)]:
        case("clip to percentiles", name, np.clip(values, *np.percentile(values, [low, high])), low=low, high=high)
    inside = np.zeros(values.shape, bool)
    inside[3:-2, 2:-4] = True
    part = values[inside]
    masks = {"z_score": (part - part.mean()) / part.std(), "min_max": (part - part.min()) / (part.max() - part.min()),
             "histogram_equalization": exposure.equalize_hist(values, mask=inside)[inside]}
    for function, expected in masks.items():
        whole = np.full(values.shape, expected.min())
        whole[inside] = expected
        case(f"{function}, padding left out", name, whole, inside=inside.astype(int).ravel().tolist())

# --- quality ------------------------------------------------------------------------------------------------------------------------
HIGH_PASS = np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], np.float64)
for name, values in SOME:
    case("variance of the Laplacian", name, [cv2.Laplacian(values, cv2.CV_64F, ksize=1, borderType=cv2.BORDER_REFLECT_101).var()])
    case("deviation of the high-pass", name, [cv2.filter2D(values, cv2.CV_64F, HIGH_PASS, borderType=cv2.BORDER_REFLECT_101).std()])
    case("contrast and brightness", name, [values.std() / (values.mean() + 1e-8), values.mean()])
    case("clipped share", name, [np.mean((values <= 0) | (values >= 1))])

# --- augmentation -------------------------------------------------------------------------------------------------------------------
for name, values in SOME:
    for sigma in [0.6, 1.5, 4.0]:
        case("Gaussian blur", name, ndimage.gaussian_filter(values, sigma, mode="mirror"), sigma=sigma)
    side = 2 * int(4 * 1.1 + 0.5) + 1
    case("Gaussian blur", name, cv2.GaussianBlur(values, (side, side), 1.1, borderType=cv2.BORDER_REFLECT_101), sigma=1.1)
    rows, columns = values.shape
    middle = np.array([(rows - 1) / 2, (columns - 1) / 2])
    for degrees, zoom, right, down, flipped in [(15, 1, 0, 0, False), (-7.5, 1.15, 1.3, -0.7, False), (4, 0.85, -2, 1.25, True), (0, 1, 0, 0, True)]:
        turn = np.deg2rad(degrees)
        # From the new picture back to the old: shift away, turn, shrink, flip. Rows first.
        back = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) / zoom
        if flipped:
            back = np.diag([1, -1]) @ back
        offset = middle - back @ (middle + [down, right])
        case("affine resampling", name, ndimage.affine_transform(values, back, offset, order=1, mode="nearest"),
             degrees=degrees, zoom=zoom, right=right, down=down, flipped=flipped)
    field = [np.round(4096 * ndimage.gaussian_filter(rng.uniform(-1, 1, values.shape), 3, mode="mirror") * 20) / 4096 for _ in range(2)]
    y, x = np.mgrid[0:rows, 0:columns]
    case("elastic resampling", name, ndimage.map_coordinates(values, [y + field[0], x + field[1]], order=1, mode="nearest"),
         down=packed(field[0]), right=packed(field[1]))

# --- the whole way, and padding -----------------------------------------------------------------------------------------------------
PADDED = HU[1].copy()
PADDED[:, :3] = PADDED[:, -2:] = PADDED[-3:] = -2000
PADDED = picture("padded", PADDED)
padding = PADDED[1] == -2000
inside = ~padding


def prepared(planes, target, method, mean, deviation):
    resized = [cv2.resize(plane, target[::-1], interpolation=METHODS[method]) for plane in planes]
    return np.stack([(plane - m) / d for plane, m, d in zip(resized, mean, deviation)])


def exact(values, center, width):
    return np.clip((values.astype(np.float64) - (center - width / 2)) / width, 0, 1)


WINDOW_SETS = [[(40, 400), (-600, 1500)], [(150, 500), (40, 400), (-600, 1500)]]
for method in METHODS:
    for windows in WINDOW_SETS:
        planes = [np.where(padding, 0, exact(PADDED[1], *window)) for window in windows]
        scale = {"mean": [-0.35, -0.5, -0.2][: len(windows)], "deviation": [0.35, 0.25, 0.6][: len(windows)]}
        case("prepare, windows as channels", "padded", prepared(planes, (6, 7), method, **scale), windows=windows, resize=method,
             rows=6, columns=7, scale=scale, paddingValue=-2000)
for name, values, center, width in [("padded", PADDED[1], 300, 2500), ("words", WORDS[1], 2048, 3000)]:
    part = inside if name == "padded" else np.ones(values.shape, bool)
    turned = 1 - exact(values, center, width)
    case("prepare, MONOCHROME1", name, [cv2.resize(np.where(part, turned, 0), (8, 5), interpolation=cv2.INTER_AREA)], center=center, width=width,
         form="exact", normalisation="none", resize="area", rows=5, columns=8, **({"paddingValue": -2000} if name == "padded" else {}))
    scored = np.where(part, (turned - turned[part].mean()) / turned[part].std(), 0)
    scored[~part] = scored[part].min()
    case("prepare, MONOCHROME1", name, [cv2.resize(scored, (8, 5), interpolation=cv2.INTER_AREA)], center=center, width=width, form="exact",
         normalisation="z_score", resize="area", rows=5, columns=8, **({"paddingValue": -2000} if name == "padded" else {}))
case("prepare, MONOCHROME1", "words", [cv2.resize(1 - windowed(WORDS[1], 1000, 2000, "LINEAR"), (9, 9), interpolation=cv2.INTER_LINEAR)],
     center=1000, width=2000, form="linear", normalisation="none", resize="bilinear", rows=9, columns=9)
for name, values, place in [("wide", WIDE[1], (2, 0, 12, 16)), ("odd", ODD[1], (0, 0, 16, 16))]:
    top, left, rows, columns = place
    whole = np.full((16, 16), 0.25)
    unit = (values - values.min()) / (values.max() - values.min())
    whole[top : top + rows, left : left + columns] = cv2.resize(unit, (columns, rows), interpolation=cv2.INTER_LINEAR)
    case("prepare, aspect kept", name, [whole], resize="bilinear", rows=16, columns=16, padding=0.25)
edge = ndimage.binary_dilation(padding, np.ones((3, 3)))
unit = np.clip((PADDED[1].astype(np.float64) + 1024) / 4024, 0, 1)
laplacian = cv2.Laplacian(unit, cv2.CV_64F, ksize=1, borderType=cv2.BORDER_REFLECT_101)[~edge]
high = cv2.filter2D(unit, cv2.CV_64F, HIGH_PASS, borderType=cv2.BORDER_REFLECT_101)[~edge]
case("quality, padding left out", "padded",
     [laplacian.var(), high.std(), unit[inside].std() / (unit[inside].mean() + 1e-8), unit[inside].mean(), np.mean((unit[inside] <= 0) | (unit[inside] >= 1))],
     paddingValue=-2000)
for first in [0, 40, 200]:
    entries = np.sort(rng.integers(0, 65536, (3, 100)).astype(np.uint16))
    expected = np.stack([(one >> 8)[np.clip(BYTES[1].astype(int) - first, 0, 99)] for one in entries], -1)
    case("PALETTE COLOR to RGB", "bytes", expected.astype(np.uint8), tables=entries.tolist(), first=first)

versions = {"numpy": np.__version__, "opencv": cv2.__version__, "scikit-image": skimage.__version__, "scipy": scipy.__version__, "pydicom": pydicom.__version__}
out = pathlib.Path(__file__).with_name("preparation.json")
out.write_text(json.dumps({"versions": versions, "pictures": pictures, "cases": cases}, separators=(",", ":")) + "\n")
print(f"{len(cases)} cases, {out.stat().st_size} bytes")
