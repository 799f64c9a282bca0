from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from ecabinet.operations.health import findings, warnings


def healthz(request: HttpRequest) -> JsonResponse:
    """200 once every part is ready, otherwise 503; the body says which part is not and why."""
    found = findings()
    waiting = [finding.part for finding in found if not finding.ready]
    body = {
        "ready": not waiting,
        "not_ready": waiting,
        "parts": {finding.part: finding.words for finding in found},
        "warnings": {finding.part: finding.words for finding in warnings()},
    }
    return JsonResponse(body, status=503 if waiting else 200, json_dumps_params={"ensure_ascii": False})
