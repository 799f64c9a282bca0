"""nginx with Debian's nchan, the fastest common way to send one message to many sockets."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.services import free_port, wait_for_port

MODULE = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")
MISSING = "nginx with nchan is not on this machine: apt-get install nginx libnginx-mod-nchan"

CONFIGURATION = """
load_module {module};
daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 16000; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    client_max_body_size 8m;
    client_body_buffer_size 2m;
    nchan_shared_memory_size 256m;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location = /publish {{ nchan_publisher; nchan_channel_id room; nchan_message_buffer_length 1; }}
        location = /subscribe {{ nchan_subscriber websocket; nchan_channel_id room;
                                 nchan_subscriber_first_message newest; }}
    }}
}}
"""


@dataclass(frozen=True)
class Nginx:
    port: int
    master: int

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.master}/task/{self.master}/children").read_text()
        return [int(pid) for pid in children.split()]


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Nginx | None]:
    """One worker process; None where it is not installed."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None or not MODULE.exists():
        yield None
        return
    port, settings = free_port(), folder / "nginx.conf"
    settings.write_text(CONFIGURATION.format(module=MODULE, folder=folder, port=port))
    process = subprocess.Popen([program, "-p", str(folder), "-c", str(settings)])
    try:
        wait_for_port(port, process)
        yield Nginx(port, process.pid)
    finally:
        process.terminate()
        process.wait()
