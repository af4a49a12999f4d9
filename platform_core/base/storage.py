"""Static files under names with the hash of their content, compressed, and cached for ever by the browser."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

# Django offers it for every file or for none.
_IMPORTS = HashedFilesMixin._js_module_import_aggregation_patterns[1]  # type: ignore[attr-defined]  # noqa: SLF001


class StaticStorage(CompressedManifestStaticFilesStorage):
    # `import "./menu.js"` becomes the hashed name too, so that a module is never an old copy. Only in our own modules:
    # other people's import names that are no files.
    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", _IMPORTS))
