from hashlib import sha256

from django.db import migrations


def copy_entries(apps, schema_editor):
    """What was confirmed so far stood in the requests; the evidence stays."""
    request, entry = apps.get_model("signing", "SigningRequest"), apps.get_model("signing", "SessionEntry")
    states = {"signed": "signed", "failed": "failed", "waiting": "failed"}
    for row in request.objects.exclude(session=None).exclude(place=None):
        entry.objects.create(
            session_id=row.session_id,
            request=row,
            place=row.place,
            sha256=row.prepared_from,
            attributes_sha256=sha256(bytes.fromhex(row.prepared.get("attributes", ""))).hexdigest(),
            state=states.get(row.state, "dropped"),
            reason=row.reason,
            settled_at=row.settled_at,
        )
    apps.get_model("signing", "SigningSession").objects.filter(state="authorised").update(state="done")


class Migration(migrations.Migration):

    dependencies = [
        ("signing", "0003_signing_sessions"),
    ]

    operations = [
        migrations.RunPython(copy_entries, migrations.RunPython.noop),
    ]
