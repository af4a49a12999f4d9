"""Periodic work."""

from __future__ import annotations

from datetime import timedelta

from django.core.management import call_command

from platform_core.background.public import scheduled


@scheduled("knowledge_base_publish_scheduled", every=timedelta(minutes=1))
def publish_scheduled() -> None:
    """Publish and withdraw the pages whose moment has come."""
    call_command("publish_scheduled", verbosity=0)
