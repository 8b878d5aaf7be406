"""Whether the operator would hear of it."""

import smtplib
from urllib.parse import urlsplit

from aggregator.settings import Settings
from api.cli.doctor.finding import Finding, Grade

SECONDS = 10


def examine_mail(settings: Settings) -> Finding:
    """Says hello to the mail server, and sends nothing."""
    if not settings.alert_to and not settings.alert_webhook:
        seen = "when a source goes down only the log tells"
        return Finding(
            grade=Grade.DOUBTFUL, about="alerts", seen=seen, advice="alert_to with smtp_url, or alert_webhook"
        )
    if settings.alert_to and not settings.smtp_url:
        seen = "alert_to is set and smtp_url is not, so no mail is sent"
        return Finding(grade=Grade.WRONG, about="alerts", seen=seen, advice="set HOBNOB_SMTP_URL")
    if not settings.smtp_url:
        return Finding(grade=Grade.WELL, about="alerts", seen="go to the webhook")
    parts = urlsplit(settings.smtp_url)
    where = f"{parts.hostname}:{parts.port or (465 if parts.scheme == 'smtps' else 587)}"
    try:
        make = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
        with make(parts.hostname or "", int(where.rpartition(":")[2]), timeout=SECONDS) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        seen = f"the mail server {where} does not answer: {error}"
        return Finding(grade=Grade.WRONG, about="alerts", seen=seen, advice="mend HOBNOB_SMTP_URL, or the server")
    return Finding(grade=Grade.WELL, about="alerts", seen=f"go to {settings.alert_to} by {where}")
