#!/usr/bin/env python3
"""Plants near-duplicates among pictures and measures what `dcgan-run SPEC data dedup` finds.

    Benchmarks/duplicates.py plant PICTURES PLANTED [--count 4000] [--planted 400]
    dcgan-run faces64 data dedup --data PLANTED --out FOUND
    Benchmarks/duplicates.py score PLANTED FOUND/skip.txt

A planted picture is one of PICTURES that has been compressed again, shifted by one or two pixels,
brightened or slightly cropped. Needs Pillow.
"""

import argparse
import pathlib
import random

from PIL import Image, ImageEnhance


def recompressed(image, chance):
    return image, chance.choice([50, 65, 80])


def shifted(image, chance):
    right, down = chance.choice([(1, 0), (0, 1), (2, 0), (0, 2), (1, 1), (-1, 1), (2, 1), (-2, 0)])
    moved = image.transform(
        image.size, Image.Transform.AFFINE, (1, 0, right, 0, 1, down), Image.Resampling.NEAREST)
    # What comes in at the edges is the edge itself.
    filled = image.copy()
    width, height = image.size
    box = (max(0, -right), max(0, -down), width - max(0, right), height - max(0, down))
    filled.paste(moved.crop(box), box[:2])
    return filled, 95


def brightened(image, chance):
    return ImageEnhance.Brightness(image).enhance(chance.choice([0.9, 1.08, 1.15])), 95


def cropped(image, chance):
    edge = max(1, round(min(image.size) * 0.03))
    box = (edge, edge, image.width - edge, image.height - edge)
    return image.resize(image.size, Image.Resampling.BILINEAR, box=box), 95


CHANGES = [recompressed, shifted, brightened, cropped]


def plant(options):
    chance = random.Random(7)
    paths = sorted(p for p in pathlib.Path(options.pictures).rglob("*") if p.suffix == ".jpg")
    chance.shuffle(paths)
    target = pathlib.Path(options.planted_folder)
    target.mkdir(parents=True)
    for number, path in enumerate(paths[:options.count]):
        (target / f"{number:06}.jpg").write_bytes(path.read_bytes())
        if number < options.planted:
            change = CHANGES[number % len(CHANGES)]
            image, quality = change(Image.open(path).convert("RGB"), chance)
            image.save(target / f"{number:06}-{change.__name__}.jpg", quality=quality)


def score(options):
    planted = {p.name for p in pathlib.Path(options.planted_folder).glob("*-*.jpg")}
    origin = lambda name: name.split("-")[0].split(".")[0]
    right, wrong, found = 0, [], set()
    for line in open(options.list):
        name, like = line.rstrip("\n").split("\tlike ")
        if origin(name) == origin(like):
            right += 1
            found |= {name, like} & planted
        else:
            wrong.append((name, like))
    print(f"found {right + len(wrong)}, of these planted {right}, "
          f"others {len(wrong)}: precision {right / max(right + len(wrong), 1):.3f}")
    for change in CHANGES:
        kind = {name for name in planted if change.__name__ in name}
        print(f"{change.__name__}: recall {len(kind & found) / max(len(kind), 1):.2f} of {len(kind)}")
    for pair in wrong[:20]:
        print("other:", *pair)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("plant")
    command.add_argument("pictures")
    command.add_argument("planted_folder")
    command.add_argument("--count", type=int, default=4000)
    command.add_argument("--planted", type=int, default=400)
    command.set_defaults(run=plant)
    command = commands.add_parser("score")
    command.add_argument("planted_folder")
    command.add_argument("list")
    command.set_defaults(run=score)
    options = parser.parse_args()
    options.run(options)
