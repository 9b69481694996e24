"""What the prose of the course avoids, in each language: a pattern, and what to write instead.

A rule is here because readers stumbled over what it names. Patterns are regular expressions of
Python; upper and lower case are the same in them.
"""

ENGLISH = {
    # One spelling: American.
    r"\b(behavi|col|fav|flav|hon|lab|neighb|rig|vap|endeav)our\w*": "Write -or.",
    r"\b(centre|centred|fibre|metre|litre|theatre)s?\b": "Write -er.",
    r"\b(anal|paral|catal)ys(e|es|ed|ing)\b": "Write -yze.",
    r"\b(initial|minim|maxim|normal|optim|real|recogn|general|random|summar|standard|regular|"
    r"emphas|organ|character|visual|factor|penal|local|vector|util)is(e|es|ed|ing|ation|er)\b": (
        "Write -ize."
    ),
    r"\b\w*(label|model|travel|signal|cancel|level|channel)l(ed|ing)\b": "Write one l.",
    r"\b(grey\w*|artefacts?|judgements?|sceptic\w*|learnt|spelt|burnt|whilst|amongst|towards|"
    r"fulfil|defence|per cent|catalogue)\b": "Take the American form.",
    # Plain sentences.
    r"\bsays? the (page|chapter|section)": "Write: The page explains ...",
    r"\b(stand|stands|stood) (in|on|at|above|below|beside|between|there|side|close)\b": (
        "Write: is, are."
    ),
    r"\b(some|no)body\b": "Name who does it, or write: a reader, no one.",
    r"\bof (its|their|one's) own\b": "Leave it out, or write: its, separate.",
    r"(^|[.:;] )So (is|are|was|were|do|does|precise|large|small)\b": "Take the usual word order.",
    r"\bhas the same statements\b": "Write: is identical, but checks its arguments first.",
    r"\bin the thousand millions?\b": "Write: billion.",
}

CHINESE = {
    # One name for one thing.
    r"次序": "写“顺序”。",
    r"(?<!平)缓方向": "写“平缓方向”。",
    r"传入值": "写“参数”或“实参”。",
    r"落脚点": "写“迭代点”。",
    r"不足额|末批": "写“不完整的最后一批”。",
    r"整理函数": "写“collate函数”。",
    r"不会结束的循环": "写“死循环”。",
    r"提交前检查": "写“评分前检查”。",
    r"讲[^，。；]{1,14}的(一|那|这)章": "写“X一章”。",
    # 直接说技术上的事，不用从英文搬来的比喻。
    r"承诺|兑现": "写“预测的变化量”“实际下降量”。",
    r"诚实的|老实说": "直接说技术上的事：可信、有依据。",
    r"会说话的|谁最后开口": "直接说技术上的事。",
    r"病根|药方|症状": "写“问题”“原因”“解决办法”“现象”。",
    r"保费|理赔|赔付|出险": "写“代价”“收益”。",
    r"碰(一次|碰)?运气": "写“随机”“再抽一次”。",
    # 现代汉语。
    r"孰优孰劣|实属|不得已|凡有|皆(?!是)|便知|殊为|何以": "用现代汉语。",
    r"(?<!一)个个都": "写“每个都”。",
    r"怎样做作业、": "写“作业的完成方法和自动评分说明见……”。",
    r"语句与此相同": "写“实现相同，只是开头多了参数检查”。",
}

# Counted over all chapters. An editor leaves a few of them.
OPENINGS = r"(?:^|[.?!:][”’)]? )(?:So|And|But|Nor|Yet)\b"
SEMICOLONS = r";"
