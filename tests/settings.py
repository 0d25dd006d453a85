"""The product's settings, for tests: plain static files, quick passwords, a key for notes."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "0123456789" * 5)
os.environ.setdefault("NOTES_KEYS", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
os.environ.setdefault("DATABASE_URL", "postgresql://academy@localhost/academy")
os.environ.setdefault("REDIS_URL", "redis://localhost:6379/0")
os.environ.setdefault("CACHE_URL", "redis://localhost:6379/1")
os.environ.setdefault("EMAIL_URL", "smtp://localhost:1025")
os.environ.setdefault("SITE_URL", "http://localhost:8000")
os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,testserver")

from academy.settings import *
from academy.settings import DATABASES, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Race tests open a connection for every thread; a pool would make them queue.
DATABASES["default"]["OPTIONS"].pop("pool", None)
