from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from ecabinet.operations.health import findings


def healthz(request: HttpRequest) -> JsonResponse:
    """200 once every part is ready, otherwise 503; the body says which part is not and why."""
    found = findings()
    ready = all(finding.ready for finding in found)
    parts = {finding.part: finding.words for finding in found}
    return JsonResponse({"ready": ready, "parts": parts}, status=200 if ready else 503)
