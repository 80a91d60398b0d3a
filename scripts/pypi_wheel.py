"""Fetches a pure Python package from PyPI and makes it importable, for what its data says."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path


def load(name, folder, version=None):
    """Downloads the newest or the given version into `folder`, unless it is there, and puts it on Python's path.

    Returns its version and the day on which its data was packed.
    """
    folder = Path(folder)
    pattern = f"{name.replace('-', '_')}-{version or '*'}-*.whl"
    if not list(folder.glob(pattern)):
        environment = folder / "venv"
        venv.create(environment, with_pip=True)
        package = f"{name}=={version}" if version else name
        subprocess.run(
            [environment / "bin" / "pip", "download", "--quiet", "--no-deps", "--dest", folder, package], check=True
        )
    (wheel,) = folder.glob(pattern)
    with zipfile.ZipFile(wheel) as archive:
        packed = max(entry.date_time for entry in archive.infolist() if "/data/" in entry.filename)
        # Modules are read faster from a folder than from an archive, and the oracle starts several processes.
        modules = folder / wheel.stem
        if not modules.exists():
            archive.extractall(modules)
    if str(modules) not in sys.path:
        sys.path.insert(0, str(modules))
    return wheel.name.split("-")[1], "%04d-%02d-%02d" % packed[:3]
