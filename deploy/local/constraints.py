"""``make constraints``: pin what requirements*.txt bring along. What is pinned already stays as it is; new packages join."""

import json
import subprocess
import tempfile
from pathlib import Path

from deploy.local.places import PYTHON, ROOT

TARGET = ROOT / "deploy" / "constraints.txt"
HEADER = "# Every package that set-up installs, so that two machines get the same. Made by make constraints.\n"


def resolve() -> list[str]:
    """Ask pip what it would install on an empty environment; ``name==version``, sorted."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--report", str(report)]
        subprocess.run([*command, "-r", "requirements-dev.txt", "-c", str(TARGET)], cwd=ROOT, check=True)
        packages = [item["metadata"] for item in json.loads(report.read_text())["install"]]
    return sorted((f"{package['name']}=={package['version']}" for package in packages), key=str.lower)


def main() -> None:
    TARGET.write_text(HEADER + "\n".join(resolve()) + "\n")


if __name__ == "__main__":
    main()
