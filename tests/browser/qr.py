"""Reads QR codes as a phone's camera does: from a picture, with a decoder that knows nothing of ours (Debian's zbarimg)."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def decoded(picture: Path) -> list[str]:
    """What the QR codes on the picture say."""
    assert shutil.which("zbarimg"), "the tests need zbarimg: apt install zbar-tools"
    done = subprocess.run(["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", picture], capture_output=True, text=True)
    assert done.returncode in (0, 4), done.stderr  # 4: nothing found
    return done.stdout.split()
