"""What a quiz says in both languages, and its script in the reader's browser."""

import json

Text = dict[str, str]  # language -> what is said

WORDS = {
    "title": {"en": "Check yourself", "zh": "自测"},
    "answer": {"en": "Answer", "zh": "答案"},
    "check": {"en": "Check", "zh": "核对"},
    "show": {"en": "Show the answer", "zh": "显示答案"},
    "answers": {"en": "Answers", "zh": "答案"},
    "up": {"en": "Move up", "zh": "上移"},
    "down": {"en": "Move down", "zh": "下移"},
    "right": {"en": "The answer: {}.", "zh": "答案：{}。"},
    "before": {"en": "{} before {}", "zh": "{}先于{}"},
    "other": {"en": "Another number", "zh": "其他数"},
    "done": {"en": "answered", "zh": "已答对"},
}
# What the script says, on the pages of chapters and on the front page.
WORDS_OF_A_CHAPTER = {
    "right": {"en": "Right.", "zh": "答对了。"},
    "wrong": {"en": "Not yet.", "zh": "还不对。"},
    "ordered": {"en": "This is the right order.", "zh": "正确的顺序如上。"},
    "place": {"en": "Place {} of {}.", "zh": "第{}位，共{}位。"},
    "nothing": {"en": "Give an answer first.", "zh": "请先作答。"},
    "unreadable": {
        "en": "This cannot be read as a number. Expected is a number alone, such as "
        "12, 0.5 or −3: no unit, no percent sign, no formula.",
        "zh": "无法读成一个数。请只填一个数，如12、0.5或−3；"
        "不带单位，不带百分号，不写算式。",
    },
}
WORDS_OF_THE_FRONT_PAGE = {
    "chapter": {"en": "{} of {} answered", "zh": "答对{}/{}"},
    "total": {"en": "{} of {} questions answered", "zh": "自测题已答对{}/{}"},
    "forget": {"en": "Forget my answers", "zh": "清除答题记录"},
    "sure": {
        "en": "Forget which questions you have answered, in both editions?",
        "zh": "要清除两个版本的全部答题记录吗？",
    },
    "forgotten": {"en": "Your answers are forgotten.", "zh": "答题记录已清除。"},
}


def words_of(words: dict[str, Text], language: str) -> Text:
    return {name: text[language] for name, text in words.items()}


def in_json(value: object) -> str:
    """A value as the script reads it from an attribute."""
    return json.dumps(value, ensure_ascii=False)
