"""Writes resized.tsv: what Pillow makes of a picture that the tests make, too.

Needs Pillow. Columns: filter, channels, box (left, upper, right, lower), width, height, bytes in
hexadecimal, [H, W, C].
"""

from PIL import Image, __version__

HEIGHT, WIDTH = 37, 53


def pixels(channels):
    """A picture with slopes, edges and noise, from integers alone."""
    return bytes(
        (x * 5 + y * 3 * c + (97 if (x // 7 + y // 5) % 2 else 0) + (x * y * 7 + c * 31) % 61) % 256
        for y in range(HEIGHT) for x in range(WIDTH) for c in range(channels))


CASES = [
    ("triangle", 3, (0, 0, 53, 37), 16, 12),
    ("triangle", 1, (8, 0, 45, 37), 8, 8),
    ("triangle", 3, (3.25, 1.5, 40.75, 36.0), 11, 9),
    ("triangle", 1, (0, 0, 53, 37), 70, 60),
    ("triangle", 3, (10, 5, 14, 9), 9, 7),
    ("triangle", 1, (0, 0, 53, 37), 53, 5),
    ("box", 3, (0, 0, 53, 37), 16, 12),
    ("box", 1, (8, 0, 45, 37), 8, 8),
    ("box", 3, (3.25, 1.5, 40.75, 36.0), 11, 9),
    ("box", 1, (0, 0, 53, 37), 70, 60),
    ("box", 1, (0, 0, 53, 37), 1, 1),
]

with open("resized.tsv", "w") as out:
    print(f"# Pillow {__version__}; made by make.py", file=out)
    for name, channels, box, width, height in CASES:
        image = Image.frombytes("L" if channels == 1 else "RGB", (WIDTH, HEIGHT), pixels(channels))
        kind = Image.Resampling.BOX if name == "box" else Image.Resampling.BILINEAR
        small = image.resize((width, height), kind, box=box)
        print(name, channels, *box, width, height, small.tobytes().hex(), sep="\t", file=out)
