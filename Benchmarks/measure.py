"""One run of dcgan-run, or of its PyTorch peer, in a process of its own; and what it printed."""

import json
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parent / ".build/release"
# PyTorch as most people write it, and two ways to make it faster: see peer.py.
VARIANTS = ["plain", "tuned", "tuned-nchw"]


def output_of(command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed:\n{done.stderr}")
    return done.stdout


def environment(directory):
    """The Python that has PyTorch, which is installed into `directory` if it is missing."""
    python = directory / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", directory], check=True)
        pip = [python, "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "numpy"], check=True)
        # Without a release for the processor alone, the ordinary one will do.
        if subprocess.run([*pip, "torch==2.13.0+cpu"], check=False).returncode != 0:
            subprocess.run([*pip, "torch==2.13.0"], check=True)
    return python


def options(batch, threads, mode, steps):
    return ["--batch", batch, "--threads", threads, "--mode", mode, "--steps", steps]


def ours(spec, **work):
    return json.loads(output_of([BUILD / "dcgan-run", spec, "bench", "--json", *options(**work)]))


def theirs(python, model, variant, extra=(), **work):
    command = [python, HERE / "peer.py", model, "--variant", variant, *extra, *options(**work)]
    return json.loads(output_of(command).splitlines()[-1])


def median(results, key):
    return statistics.median(result[key] for result in results)


def median_ratio(numerators, denominators, key):
    """Of each pair, which ran one right after the other: a slow minute slows both."""
    return statistics.median(a[key] / b[key] for a, b in zip(numerators, denominators))
