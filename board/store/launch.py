"""The step between the board and its valkey-server: a program of its own, which becomes the store.

What has to happen between fork and exec (tie the store to its parent, take the store's lock, write down who we are) is not safe in a
forked copy of a process that has threads: `preexec_fn` may wait for ever for a lock that no living thread holds. A fresh interpreter costs
20 ms instead. It imports the standard library alone, so that it runs under `python -IS` wherever the board is installed.

    python -IS launch.py {prctl|leash} PARENT-PID LOCK-FILE PROGRAM ARGUMENT...

- `prctl` (Linux): the kernel kills the store when the *thread* that started it ends, kill -9 of the process included.
- `leash` (elsewhere): standard input is a pipe whose other end the parent alone holds; a small watchdog kills the store at its end.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def birth(pid: int) -> str | None:
    """When this process began, in the system's own words; None when there is no such process. A number of a process is given again, the
    pair of number and birth is not. Linux: clock ticks since boot (proc(5), field 22); elsewhere what ps says, in seconds."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[19]
        except OSError:
            return None
    else:
        command = ["/bin/ps", "-o", "lstart=", "-p", str(pid)]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() or None  # noqa: S603


def tie_to(parent: int) -> None:
    """Dies with the parent from here on, a store or a worker of the board. SIGKILL, not SIGTERM: one that hangs would not hear SIGTERM,
    and with `appendfsync always` there is nothing to save at the end."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0) != 0:
        sys.exit(f"prctl: {os.strerror(ctypes.get_errno())}")
    if os.getppid() != parent:  # race: the parent died before prctl, and no signal will come any more
        sys.exit("the board ended before this process of it began")


def hold(lock: str) -> int:
    """Takes the lock for this process and for the program it becomes, and writes there `pid` and birth, one a line.

    Waits if need be: the board has seen the lock free, so it can only be a question of moments, and the board's patience is bounded."""
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    os.ftruncate(handle, 0)
    os.pwrite(handle, f"{os.getpid()}\n{birth(os.getpid())}\n".encode(), 0)
    os.set_inheritable(handle, True)
    return handle


def leave_watchdog(lock: int) -> None:
    """Leaves a process behind that kills us when standard input, the leash, comes to its end."""
    store = os.getpid()
    if os.fork() != 0:
        return
    os.close(lock)  # shared with the store: kept open here, it would outlive it
    while os.read(0, 1):
        pass
    if os.getppid() == store:  # else the store went first, and its number may be another's by now
        os.kill(store, signal.SIGKILL)
    os._exit(0)


def main(way: str, parent: str, lock: str, *command: str) -> NoReturn:
    """Becomes the command; ends with a line on standard error when that is not possible."""
    os.umask(0o077)
    if way == "prctl":
        tie_to(int(parent))
    handle = hold(lock)
    if way == "leash":
        leave_watchdog(handle)
    try:
        os.execv(command[0], command)  # noqa: S606
    except OSError as trouble:
        sys.exit(f"{command[0]}: {trouble.strerror}")


if __name__ == "__main__":
    main(*sys.argv[1:])
