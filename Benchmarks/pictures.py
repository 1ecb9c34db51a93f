#!/usr/bin/env python3
"""Measures how fast Pillow makes pictures ready, as torchvision asks of it, on one thread.

    Benchmarks/pictures.py FOLDER [SIZE]

What `ImageFolder`, `Resize` and `CenterCrop` do: decode as RGB, scale the short side, cut the middle.
"""

import pathlib
import sys
import time

import numpy
from PIL import Image


def load(path, size):
    image = Image.open(path).convert("RGB")
    width, height = image.size
    scaled = (size, size * height // width) if width < height else (size * width // height, size)
    image = image.resize(scaled, Image.Resampling.BILINEAR)
    left, top = (image.width - size) // 2, (image.height - size) // 2
    return numpy.asarray(image.crop((left, top, left + size, top + size)))


def main(folder, size="64", seconds=3):
    paths = [p for p in sorted(pathlib.Path(folder).rglob("*"))
             if p.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp")]
    load(paths[0], int(size))
    count, start = 0, time.monotonic()
    while time.monotonic() - start < seconds:
        load(paths[count % len(paths)], int(size))
        count += 1
    print(f"{count / (time.monotonic() - start):,.0f} images a second on one thread")


if __name__ == "__main__":
    main(*sys.argv[1:])
