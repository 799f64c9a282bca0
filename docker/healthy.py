"""Ends with 0 when every part of the site in this container is ready; prints which one is not."""

import os
import sys
import urllib.error
import urllib.request

port = os.environ.get("ECABINET_PORT") or "8000"
asked = urllib.request.Request(
    f"http://127.0.0.1:{port}/healthz", headers={"Host": os.environ["ECABINET_HOST"]}
)
try:
    urllib.request.urlopen(asked, timeout=8)
except urllib.error.HTTPError as error:
    sys.exit(error.read().decode())
except OSError as error:
    sys.exit(str(error))
