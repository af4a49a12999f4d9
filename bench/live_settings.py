"""The product with Redis and the database of DATABASE_URL, or the layer of the rival that BENCH_WAY names."""

import os

import environ

from platform_core.config.settings.embedded import *  # noqa: F403  the settings are one namespace by Django's design

WAY = os.environ.get("BENCH_WAY", "ours")
_redis = {
    "hosts": [{"address": os.environ.get("REDIS_URL", "redis://"), "socket_timeout": 30, "max_connections": 10_000}],
    "prefix": WAY,
}
# As many messages may wait as there are deliveries in hand: no way may be fast by dropping.
CHANNEL_LAYERS = {
    "default": {
        "channels-memory": {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 1000}},
        "channels-pubsub": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": _redis},
    }.get(WAY, {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {**_redis, "capacity": 5000}})
}
if url := os.environ.get("DATABASE_URL"):
    DATABASES = {"default": {**environ.Env.db_url_config(url), "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}
