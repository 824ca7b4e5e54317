"""The start script, on a checkout of its own in which a few lines stand for the application."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from functools import partial
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

APPLICATION = """
import os, signal, sys, time
command = sys.argv[1]
if command == "echo":
    print(" ".join(sys.argv[2:]), os.environ["QIPP_HOME"])
elif command == "refuse":
    sys.exit(2)
elif command == "demo":
    print("demonstration loaded", flush=True)
elif command == os.environ.get("DIES"):
    sys.exit(3)
else:
    say = lambda what: os.write(1, f"{command} {what}\\n".encode())  # whole lines, unmixed
    signal.signal(signal.SIGTERM, lambda *_: (say("ended"), os._exit(0)))
    say("began")
    time.sleep(60)
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose lock is empty, on a machine that has every system package."""
    folder = tmp_path / "a checkout"
    (folder / "tests").mkdir(parents=True)
    shutil.copy(ROOT / "run", folder / "run")
    (folder / "requirements.lock").write_text("# nothing\n", encoding="utf-8")
    (folder / "tests" / "requirements.lock").write_text("# nothing\n", encoding="utf-8")
    (folder / "qipp_assure").mkdir()
    (folder / "qipp_assure" / "__init__.py").touch()
    (folder / "qipp_assure" / "__main__.py").write_text(APPLICATION, encoding="utf-8")
    pretend(folder, "dpkg-query", "printf installed")
    return folder


def pretend(checkout: Path, name: str, does: str) -> None:
    """Put a program before the machine's own of that name."""
    programs = checkout / "pretended"
    programs.mkdir(exist_ok=True)
    (programs / name).write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    (programs / name).chmod(0o755)


def environment(checkout: Path, **more: str) -> dict[str, str]:
    """Return the settings under which the script runs, the pretended programs first."""
    kept = {name: value for name, value in os.environ.items() if name != "QIPP_HOME"}
    return {**kept, "PATH": f"{checkout / 'pretended'}:{kept['PATH']}", **more}


def run(checkout: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [checkout / "run", *words],
        env=environment(checkout, **more),
        cwd=ROOT,  # another checkout, so the script has to find its own
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_scripts_can_be_run_and_are_sound(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    subprocess.run(["bash", "-n", ROOT / script], check=True)


def test_an_unknown_option_is_refused_before_anything_is_made(checkout: Path) -> None:
    for words in (["--twice"], ["test", "--some"]):
        answer = run(checkout, *words)
        assert answer.returncode == 2
        assert "./run --once" in answer.stderr
    assert not (checkout / ".venv").exists()


def test_a_taken_port_is_said_before_anything_is_made(checkout: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = run(checkout, PORT=str(port))
    assert answer.returncode == 2
    assert f"port {port} is taken" in answer.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("port", ["web", "0", "65536", "-1", "80 81"])
def test_a_port_that_is_none_is_refused(checkout: Path, port: str) -> None:
    answer = run(checkout, PORT=port)
    assert answer.returncode == 2
    assert "must be a number from 1 to 65535" in answer.stderr


def test_without_rights_the_one_line_to_paste_is_printed(checkout: Path) -> None:
    pretend(checkout, "dpkg-query", 'test "$3" != libpango-1.0-0 && printf installed')
    pretend(checkout, "id", "echo 1000")
    pretend(checkout, "sudo", "exit 1")
    answer = run(checkout, "echo")
    assert answer.returncode == 2
    line = "sudo apt-get update && sudo apt-get install -y --no-install-recommends libpango-1.0-0"
    assert f"  {line}\n" in answer.stderr
    assert not (checkout / ".venv").exists()


def test_the_environment_is_made_once_and_mended_when_it_is_half_made(checkout: Path) -> None:
    first = run(checkout, "echo", "a word", "two")
    assert (first.returncode, first.stdout) == (0, f"a word two {checkout / 'var'}\n")
    assert "Making a Python environment" in first.stderr

    second = run(checkout, "echo", QIPP_HOME="/srv/qipp")
    assert (second.returncode, second.stdout, second.stderr) == (0, " /srv/qipp\n", "")
    assert run(checkout, "refuse").returncode == 2

    for break_it in (
        (checkout / ".venv" / ".stamp-run").unlink,
        (checkout / ".venv" / "bin" / "python").unlink,
        partial((checkout / "requirements.lock").write_text, "# another\n", encoding="utf-8"),
    ):
        break_it()
        mended = run(checkout, "echo", "whole")
        assert mended.stdout.startswith("whole ")
        assert "Making a Python environment" in mended.stderr


def started(checkout: Path, **more: str) -> subprocess.Popen[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return subprocess.Popen(
        [checkout / "run"],
        env=environment(checkout, PORT=str(port), **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_server_and_worker_start_and_stop_together(checkout: Path) -> None:
    once = run(checkout, "--once")
    assert (once.returncode, once.stdout) == (0, "demonstration loaded\n")

    for ask in (signal.SIGINT, signal.SIGTERM):
        script = started(checkout)
        assert script.stdout is not None
        lines = {script.stdout.readline() for _ in range(3)}
        assert lines == {"demonstration loaded\n", "serve began\n", "worker began\n"}
        script.send_signal(ask)
        rest, _ = script.communicate(timeout=30)
        assert script.returncode == 0
        assert sorted(rest.splitlines()) == ["serve ended", "worker ended"]

    for dies, lives in (("serve", "worker"), ("worker", "serve")):
        began = time.monotonic()
        script = started(checkout, DIES=dies)
        out, words = script.communicate(timeout=30)
        assert script.returncode == 1
        assert f"{lives} began" not in out or f"{lives} ended" in out
        assert "stopped by itself (exit 3)" in words
        assert time.monotonic() - began < 20
