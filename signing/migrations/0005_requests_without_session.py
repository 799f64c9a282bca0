from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("signing", "0004_entries_of_old_sessions"),
    ]

    operations = [
        migrations.RemoveField(
            model_name='signingrequest',
            name='place',
        ),
        migrations.RemoveField(
            model_name='signingrequest',
            name='prepared',
        ),
        migrations.RemoveField(
            model_name='signingrequest',
            name='prepared_from',
        ),
        migrations.RemoveField(
            model_name='signingrequest',
            name='prepared_sha256',
        ),
        migrations.RemoveField(
            model_name='signingrequest',
            name='session',
        ),
    ]
