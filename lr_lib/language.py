"""The language in which the library speaks to its user: English, or Chinese on request."""

LANGUAGES = ("en", "zh")
_language = "en"


def set_language(language: str) -> None:
    """Choose the language of all messages of the library, errors and reports.

    Args:
        language: "en" for English, which is the default, or "zh" for Chinese.

    Raises:
        ValueError: ``language`` is neither.
    """
    global _language
    if language not in LANGUAGES:
        raise ValueError(
            f'language is {language!r}; expected "en" or "zh". '
            'language应为"en"（英文）或"zh"（中文）。'
        )
    _language = language


def either(english: str, chinese: str) -> str:
    """Return the text that is in the chosen language."""
    return chinese if _language == "zh" else english
