#!/usr/bin/env python3
"""One training step of a DCGAN in PyTorch, timed: what `dcgan-run SPEC bench` is compared with.

    python peer.py lsun64 --batch 32 --threads 2

The step does the same work: the discriminator on random images and, as a batch of its own, on
generated ones (binary cross entropy on logits), its Adam update; then the generator on the same
generated batch, its Adam update. Prints one line of JSON with the keys of `bench --json`.

`--variant plain` is written as in PyTorch's own example. `tuned` adds what makes it faster: channels
last, fused Adam, the discriminator's weights frozen in the generator's step, large memory blocks
kept on huge pages. `tuned-nchw` is the same with channels first, which small networks prefer.
"""

import argparse
import json
import os
import resource
import statistics
import sys
import time

# Read by the C library and by PyTorch when a process starts.
TUNED = {
    "MALLOC_MMAP_THRESHOLD_": str(8 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(16 << 30),
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    "THP_MEM_ALLOC_ENABLE": "1",
}


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", choices=["lsun64", "example64", "mnist", "mnist-conditional"])
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--mode", choices=["train", "sample"], default="train")
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--variant", choices=["plain", "tuned", "tuned-nchw"], default="plain")
    parser.add_argument("--size", type=int, default=64,
                        help="edge of lsun64's images: 4 times a power of two")
    parser.add_argument("--device", default="cpu", help="cpu, or cuda")
    parser.add_argument("--products", choices=["full", "tf32"], default="full",
                        help="how a graphics card multiplies")
    parser.add_argument("--compile", action="store_true", help="with torch.compile")
    return parser.parse_args()


options = parse()
is_tuned = options.variant != "plain"
if is_tuned and any(os.environ.get(name) != value for name, value in TUNED.items()):
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **TUNED})

import torch  # noqa: E402  after the environment is set
from torch import nn  # noqa: E402


class View(nn.Module):
    def __init__(self, *shape):
        super().__init__()
        self.shape = shape

    def forward(self, x):
        return x.reshape(-1, *self.shape)


class Labelled(nn.Module):
    """A row of stages that each get the one-hot labels, as features or as constant maps."""

    def __init__(self, *stages):
        super().__init__()
        self.stages = nn.ModuleList(stages)

    def forward(self, x, labels):
        for stage in self.stages:
            if isinstance(stage[0], nn.Linear):
                x = x.flatten(1)
            extra = labels
            if x.dim() == 4:
                extra = labels[:, :, None, None].expand(-1, -1, *x.shape[2:])
            x = stage(torch.cat([x, extra], 1))
        return x


def stage(layer, norm, activation):
    return nn.Sequential(*[part for part in (layer, norm, activation) if part is not None])


def up(c, f, kernel=5, stride=2, bias=False):
    padding = (kernel - 1) // 2 if stride == 2 else 0
    output_padding = 2 - kernel + 2 * padding if stride == 2 else 0
    return nn.ConvTranspose2d(c, f, kernel, stride, padding, output_padding, bias=bias)


def down(c, f, kernel=5, stride=2, bias=False):
    return nn.Conv2d(c, f, kernel, stride, (kernel - 1) // 2 if stride == 2 else 0, bias=bias)


def paper(widths, base, channels):
    """`widths` from the image inwards: lsun64 is [128, 256, 512, 1024]."""
    inner = widths[-1]
    generator = [nn.Linear(100, inner * base * base, bias=False), View(inner, base, base),
                 nn.BatchNorm2d(inner), nn.ReLU(True)]
    for c, f in zip(widths[:0:-1], widths[-2::-1]):
        generator += [up(c, f), nn.BatchNorm2d(f), nn.ReLU(True)]
    generator += [up(widths[0], channels, bias=True), nn.Tanh()]
    discriminator = [down(channels, widths[0], bias=True), nn.LeakyReLU(0.2, True)]
    for c, f in zip(widths, widths[1:]):
        discriminator += [down(c, f), nn.BatchNorm2d(f), nn.LeakyReLU(0.2, True)]
    discriminator += [nn.Flatten(), nn.Linear(inner * base * base, 1)]
    return nn.Sequential(*generator), nn.Sequential(*discriminator)


def lsun_widths():
    """128 channels next to the image, twice as many for each halving down to 4 × 4."""
    return [128 << i for i in range((options.size // 4).bit_length() - 1)]


def example():
    generator, c = [View(100, 1, 1)], 100
    for f, stride in ((512, 1), (256, 2), (128, 2), (64, 2)):
        generator += [up(c, f, 4, stride), nn.BatchNorm2d(f), nn.ReLU(True)]
        c = f
    generator += [up(64, 3, 4), nn.Tanh()]
    discriminator, c = [down(3, 64, 4), nn.LeakyReLU(0.2, True)], 64
    for f in (128, 256, 512):
        discriminator += [down(c, f, 4), nn.BatchNorm2d(f), nn.LeakyReLU(0.2, True)]
        c = f
    discriminator += [down(512, 1, 4, 1), nn.Flatten()]
    return nn.Sequential(*generator), nn.Sequential(*discriminator)


def conditional():
    def relu():
        return nn.ReLU(True)

    def leaky():
        return nn.LeakyReLU(0.2, True)

    def dense(c, f):
        return nn.Linear(c + 10, f, bias=False)

    maps = 128 * 7 * 7
    generator = Labelled(
        stage(dense(100, 1024), nn.BatchNorm1d(1024, affine=False), relu()),
        nn.Sequential(dense(1024, maps), nn.BatchNorm1d(maps, affine=False), relu(),
                      View(128, 7, 7)),
        stage(up(138, 64), nn.BatchNorm2d(64, affine=False), relu()),
        stage(up(74, 1), None, nn.Sigmoid()),
    )
    discriminator = Labelled(
        stage(down(11, 64), None, leaky()),
        stage(down(74, 128), nn.BatchNorm2d(128, affine=False), leaky()),
        stage(dense(maps, 1024), nn.BatchNorm1d(1024, affine=False), leaky()),
        stage(dense(1024, 1), None, None),
    )
    return generator, discriminator


MODELS = {
    "lsun64": (lambda: paper(lsun_widths(), 4, 3), (3, options.size, options.size), 0),
    "example64": (example, (3, 64, 64), 0),
    "mnist": (lambda: paper([64, 128], 7, 1), (1, 28, 28), 0),
    "mnist-conditional": (conditional, (1, 28, 28), 10),
}


def start(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.normal_(module.weight, 0, 0.02)


def main():
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    torch.backends.cuda.matmul.allow_tf32 = options.products == "tf32"
    torch.backends.cudnn.allow_tf32 = options.products == "tf32"
    torch.backends.cudnn.benchmark = True
    build, image, classes = MODELS[options.model]
    generator, discriminator = (
        network.apply(start).to(options.device) for network in build())
    real = torch.rand(options.batch, *image, device=options.device) * 2 - 1
    labels = ()
    if classes:
        labels = (torch.eye(classes, device=options.device)[torch.arange(options.batch) % classes],)
    if options.variant == "tuned":
        generator.to(memory_format=torch.channels_last)
        discriminator.to(memory_format=torch.channels_last)
        real = real.contiguous(memory_format=torch.channels_last)
    settings = {"lr": 2e-4, "betas": (0.5, 0.999), "fused": True if is_tuned else None}
    adam_d = torch.optim.Adam(discriminator.parameters(), **settings)
    adam_g = torch.optim.Adam(generator.parameters(), **settings)
    entropy = nn.BCEWithLogitsLoss()

    def loss(images, target):
        logits = discriminator(images, *labels).flatten()
        return entropy(logits, torch.full_like(logits, target))

    def train():
        adam_d.zero_grad()
        loss(real, 1.0).backward()
        fake = generator(torch.randn(options.batch, 100, device=options.device), *labels)
        loss(fake.detach(), 0.0).backward()
        adam_d.step()
        if is_tuned:
            discriminator.requires_grad_(False)
        adam_g.zero_grad()
        loss(fake, 1.0).backward()
        adam_g.step()
        discriminator.requires_grad_(True)

    def sample():
        with torch.no_grad():
            generator(torch.randn(options.batch, 100, device=options.device), *labels)

    if options.mode == "sample":
        generator.eval()
    step = train if options.mode == "train" else sample
    if options.compile:
        generator, discriminator = torch.compile(generator), torch.compile(discriminator)

    def finish():
        if options.device != "cpu":
            torch.cuda.synchronize()

    step()
    finish()
    with open("/proc/self/stat") as stat, open("/proc/uptime") as uptime:
        began = int(stat.read().rsplit(")", 1)[1].split()[19]) / os.sysconf("SC_CLK_TCK")
        first = float(uptime.read().split()[0]) - began
    seconds = []
    if options.device != "cpu":
        for _ in range(3):  # cuDNN tries its algorithms
            step()
    for _ in range(options.steps):
        finish()
        begin = time.perf_counter()
        step()
        finish()
        seconds.append(time.perf_counter() - begin)
    print(json.dumps({
        "model": options.model, "batch": options.batch, "threads": options.threads,
        "mode": options.mode, "variant": options.variant, "torch": torch.__version__,
        "images_per_second": round(options.batch / statistics.median(seconds), 2),
        "peak_rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "first_step_done_after_seconds": round(first, 2),
    }))


main()
