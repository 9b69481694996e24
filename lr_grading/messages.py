"""What the checks say, in both languages side by side."""

LANGUAGES = ("en", "zh")

_TEXTS = {
    "asked": ("asked", "要求"),
    "got": ("came back", "得到"),
    "hint": ("look at", "提示"),
    "score": ("{name}: {score:g} of {points:g} points", "{name}：{score:g}分，满分{points:g}分"),
    "close": (
        "{what} equal to {expected}, within {tolerance}",
        "{what}等于{expected}，误差不超过{tolerance}",
    ),
    "close_hidden": (
        "{what} equal to the right values, within {tolerance}",
        "{what}等于正确的值，误差不超过{tolerance}",
    ),
    "equal": ("{what} equal to {expected}", "{what}等于{expected}"),
    "equal_hidden": ("{what} equal to the right value", "{what}等于正确的值"),
    "shape": ("{what} as a tensor of shape {expected}", "{what}是形状为{expected}的张量"),
    "between": ("{what} between {low:g} and {high:g}", "{what}在{low:g}与{high:g}之间"),
    "tolerance": ("{atol:g} + {rtol:g} × |value|", "{atol:g} + {rtol:g} × |值|"),
    "run": ("code that runs to its end", "代码能够运行完毕"),
    "worst": (
        "; the largest difference is {error:.3g}, at index {index}",
        "；最大相差{error:.3g}，在下标{index}处",
    ),
    "off": ("; the difference is {error:.3g}", "；相差{error:.3g}"),
    "nothing": ("nothing: the code above is still to be written", "什么也没有：上面的代码尚未写出"),
    "missing": (
        "no {name}: nothing of that name exists; run or finish the cells above",
        "没有{name}：这个名字尚未定义，请运行或写完上面的单元格",
    ),
    "late": (
        "no result within {limit:g} seconds of computing: is there a loop that does not end?",
        "计算了{limit:g}秒仍没有结果：是否有不会结束的循环？",
    ),
    "stopped": ("no result: it was interrupted", "没有结果：运行被中断"),
    "raised": ("the error {error}", "错误{error}"),
    "raised_at": (
        "the error {error}, in {function}, at: {line}",
        "错误{error}，出现在{function}中：{line}",
    ),
    "tensor": (
        "a tensor of shape {shape}, {dtype}: {values}",
        "形状为{shape}、类型为{dtype}的张量：{values}",
    ),
    "object": ("{value}, of type {kind}", "{value}，类型为{kind}"),
    "none": ("None: is a return missing?", "None：是否漏写了return？"),
    # What stopped a cell (lr_grading.execute)
    "cell_late": (
        "This cell did not finish within {timeout} seconds and was stopped. Is there a loop that does not end?",
        "本单元格在{timeout}秒内没有结束，已被停止。是否有不会结束的循环？",
    ),
    "cell_died": (
        "The kernel ended while this cell ran: it was killed, or the code called exit().",
        "运行本单元格时内核退出了：它被终止，或者代码调用了exit()。",
    ),
    "cell_unrun": (
        "This cell was not run: {restarts} cells before it did not finish.",
        "本单元格没有运行：前面已有{restarts}个单元格没有结束。",
    ),
    "cell_scoreless": ("This cell gave no score.", "本单元格没有给出分数。"),
    "cell_cut": (
        "\n[The output was cut here: it is longer than {limit} characters.]\n",
        "\n[输出超过{limit}个字符，在此截断。]\n",
    ),
    # What the pre-flight check found (lr_grading.preflight)
    "preflight": ("Pre-flight check", "提交前检查"),
    "nothing_found": ("Nothing had to be repaired.", "没有需要修复之处。"),
    "found_files": ("; the folder holds: {names}", "；文件夹中有：{names}"),
    "empty": (
        "The notebook is empty, or was not handed in{found}. Every question counts as unanswered.",
        "笔记本是空的，或者没有提交{found}。所有题目按未作答处理。",
    ),
    "not_json": (
        "The file is not a notebook: it is not valid JSON ({error}). Every question counts as unanswered.",
        "文件不是笔记本：不是有效的JSON（{error}）。所有题目按未作答处理。",
    ),
    "not_notebook": (
        "The file holds JSON, but no notebook: it has no list of cells. Every question counts as unanswered.",
        "文件是JSON，但不是笔记本：其中没有单元格列表。所有题目按未作答处理。",
    ),
    "too_large": (
        "The file has {size} MB, more than the {limit} MB that are read. Clear the outputs and hand it in again. Every question counts as unanswered.",
        "文件大小为{size} MB，超过可读取的{limit} MB。请清除输出后重新提交。所有题目按未作答处理。",
    ),
    "other_assignment": (
        "This is the assignment {other}, not {name}. Every question counts as unanswered.",
        "这是作业{other}，不是{name}。所有题目按未作答处理。",
    ),
    "nothing_matched": (
        "No cell of this assignment was recognized. Every question counts as unanswered.",
        "没有认出本作业的任何单元格。所有题目按未作答处理。",
    ),
    "unreadable_cell": (
        "Cell {number} could not be read and was left out.",
        "第{number}个单元格无法读取，已略去。",
    ),
    "kernel": (
        "The notebook named another kernel, {kernel}; it is run with Python 3.",
        "笔记本指定了另一个内核{kernel}；将用Python 3运行。",
    ),
    "recognized": (
        "{name}: its metadata were missing; the cell was recognized by {how}.",
        "{name}：元数据缺失，根据{how}认出了该单元格。",
    ),
    "by_content": ("its content", "内容"),
    "by_place": ("its place", "位置"),
    "answer_missing": (
        "{name}: the answer was missing; the empty cell was put back.",
        "{name}：答案单元格缺失，已放回空白单元格。",
    ),
    "answer_type": (
        "{name}: the answer had become a cell of another type; it is code again.",
        "{name}：答案单元格被改成了其他类型，已恢复为代码。",
    ),
    "written_type": (
        "{name}: the answer had become a cell of another type; it is text again.",
        "{name}：答案单元格被改成了其他类型，已恢复为文本。",
    ),
    "answer_joined": (
        "{name}: the answer stood in {count} cells; they were joined, in their order.",
        "{name}：答案分布在{count}个单元格中，已按顺序合并。",
    ),
    "checks_missing": (
        "{name}: the checks were missing; they were put back.",
        "{name}：检查单元格缺失，已放回。",
    ),
    "checks_changed": (
        "{name}: the cell had been changed; the original was put back.",
        "{name}：单元格被改动过，已换回原文。",
    ),
    "checks_twice": (
        "{name}: the cell stood there {count} times; one was kept.",
        "{name}：单元格出现了{count}次，只保留一个。",
    ),
    "reordered": (
        "The cells were in another order; they were put back into the order of the assignment.",
        "单元格的顺序被打乱，已恢复为作业的顺序。",
    ),
    # What the command line says (lr_grading.__main__, lr_grading.classroom)
    "unwritten": ("still to be written", "尚未写出"),
    "marks_of": ("Marks of {file}", "{file}的得分"),
    "by_hand": ("   – / {points:g}  marked by your teacher", "   – / {points:g}  由教师评分"),
    "total": ("total", "总分"),
    "seed": (
        "The hidden checks drew their inputs from seed {seed}; --seed {seed} repeats them.",
        "隐藏检查的输入由种子{seed}生成；加上--seed {seed}可以重现。",
    ),
    "no_hidden": (
        "The hidden checks are not here; your teacher has them.",
        "这里没有隐藏检查，它们由教师保管。",
    ),
    "kept": ("Your notebook is kept as {file}", "原来的笔记本已保存为{file}"),
    "fresh": ("A fresh copy is in {file}", "新的副本位于{file}"),
    "to_mark": (
        "{marks} ({points:g} to be marked by hand)",
        "{marks}（另有{points:g}分待人工评分）",
    ),
    "no_mark": ("no mark; nbgrader says:", "没有得分；nbgrader的说明："),
}


def text(language: str, key: str, **values: object) -> str:
    """The message ``key`` in a language, with its values filled in.

    Raises:
        ValueError: There is no such language.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language is {language!r}; expected one of {', '.join(LANGUAGES)}.")
    return _TEXTS[key][LANGUAGES.index(language)].format(**values)
