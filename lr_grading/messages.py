"""What the checks say, in both languages side by side."""

LANGUAGES = ("en", "zh")

_TEXTS = {
    "asked": ("asked", "要求"),
    "got": ("came back", "得到"),
    "cause": ("likely cause", "可能原因"),
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
    "number": ("one number", "一个数"),
    "between": ("{what} between {low:g} and {high:g}", "{what}在{low:g}与{high:g}之间"),
    "tolerance": ("{atol:g} + {rtol:g} × |value|", "{atol:g} + {rtol:g} × |值|"),
    "run": ("code that runs to its end", "代码能够运行完毕"),
    "worst": (
        "; the largest difference is {error:.3g}, at index {index}",
        "；最大相差{error:.3g}，在下标{index}处",
    ),
    "off": ("; the difference is {error:.3g}", "；相差{error:.3g}"),
    "nothing": (
        "nothing: {name} is still to be written (it ends at raise NotImplementedError)",
        "没有结果：{name}尚未写完（运行到raise NotImplementedError为止）",
    ),
    "in_the_way": (
        "nothing: line {line} of the cell, raise NotImplementedError, ends {name} before your code. Delete that line.",
        "没有结果：单元格第{line}行的raise NotImplementedError使{name}在运行你的代码之前就结束了，请删去这一行。",
    ),
    "missing": (
        "no {name}: nothing of that name exists; run or finish the cells above",
        "没有{name}：这个名字尚未定义，请运行或写完上面的单元格",
    ),
    "late": (
        "no result within {limit:g} seconds of computing: is there a loop that does not end?",
        "计算了{limit:g}秒仍没有结果：是否有死循环？",
    ),
    "stopped": ("no result: it was interrupted", "没有结果：运行被中断"),
    "ended": (
        "no result: Python itself ended while the answer ran, or it was killed",
        "没有结果：运行答案时Python进程自己退出了，或者被终止了",
    ),
    "raised": ("the error {error}", "错误{error}"),
    "raised_at": (
        "the error {error}, in {function}, at: {line}",
        "错误{error}，出现在{function}中：{line}",
    ),
    "same_error": ("the same {error} in {function} as above", "与上面相同，{function}中的{error}"),
    "error_again": ("the {error} in {function} again: ", "又是{function}中的{error}："),
    "mend_first": ("mend question {question} first", "请先改好{question}一题"),
    "tensor": (
        "a tensor of shape {shape}, {dtype}: {values}",
        "形状为{shape}、类型为{dtype}的张量：{values}",
    ),
    "object": ("{value}, of type {kind}", "{value}，类型为{kind}"),
    "none": ("None: is a return missing?", "None：是否漏写了return？"),
    "none_gradient": (
        "None: backward() did not reach this tensor",
        "None：backward()没有传到这个张量",
    ),
    # What is recognized in what came back (lr_grading.diagnosis)
    "diverged": (
        "the training diverges, its numbers grow from step to step: take a smaller learning rate, and check that the step goes against the gradient",
        "训练发散，数值一步比一步大：请减小学习率，并检查每一步是否沿负梯度方向",
    ),
    "not_finite": (
        "somewhere a number overflowed, was divided by zero, or had no logarithm; every result computed from nan is nan",
        "中途有数值溢出、除以零，或者对零或负数取了对数；用nan算出的结果也都是nan",
    ),
    "transposed": (
        "rows and columns are exchanged: the shape is transposed",
        "行与列对调了：形状是转置的",
    ),
    "reshaped": (
        "the right number of values, in another shape: is a reshape missing?",
        "数值的个数正确，形状不同：是否漏了reshape？",
    ),
    "broadcast": (
        "the shapes ({n}, 1) and ({n},) differ, and broadcasting combined each value with every other",
        "形状为({n}, 1)和({n},)的张量一起运算，广播机制把每个值与所有的值都配成了对",
    ),
    "several_for_one": (
        "several values where one is asked for: is a sum or a mean missing?",
        "要求的是一个数，得到的却是多个：是否漏了求和或取平均？",
    ),
    "one_for_several": (
        "one value where several are asked for: is there a sum or mean that should not be there?",
        "要求的是多个数，得到的却只有一个：是否多做了求和或取平均？",
    ),
    "whole_numbers": (
        "the dtype {dtype} holds whole numbers only: compute in a floating-point dtype",
        "类型{dtype}只能保存整数：请用浮点类型计算",
    ),
    "kind": (
        "the right value, but of type {found}; {wanted} is asked for",
        "值是对的，但类型是{found}；要求的是{wanted}",
    ),
    "wrong_sign": (
        "the right size with the wrong sign: is a difference reversed?",
        "大小正确，符号相反：减法的两项是否写反了？",
    ),
    "twice": (
        "twice the right value: is a factor of 1/2 missing?",
        "是正确值的2倍：是否漏了系数1/2？",
    ),
    "half": (
        "half the right value: is there a factor of 1/2 too many?",
        "是正确值的一半：是否多了系数1/2？",
    ),
    "multiple": (
        "{size} times the right value: is {size} the number of examples, or the batch size? Then a sum is taken in place of a mean",
        "是正确值的{size}倍：{size}是样本数或批量大小吗？那就是该取平均却求了和",
    ),
    "fraction": (
        "1/{size} of the right value: is {size} the number of examples, or the batch size? Then a mean is taken in place of a sum, or taken twice",
        "是正确值的1/{size}：{size}是样本数或批量大小吗？那就是该求和却取了平均，或者取了两次平均",
    ),
    "unit": (
        "the right value times {factor}: is a unit to be converted?",
        "等于正确值乘以{factor}：是否有单位需要换算？",
    ),
    "factor_hidden": (
        "only a factor is wrong: look for a mean in place of a sum, a factor of 2, a sign or a unit",
        "只差一个系数：请检查该求和还是取平均、系数2、正负号和单位",
    ),
    "rebound": (
        "{name} = {name} - … makes a new tensor, which has no gradient: change the parameter in place, {name} -= …, within torch.no_grad()",
        "{name} = {name} - …生成了一个新的张量，它没有梯度：请在torch.no_grad()中原地修改参数，写成{name} -= …",
    ),
    "gradient_missing": (
        "a parameter has no gradient: it was made without requires_grad=True, or backward() did not reach it",
        "有参数没有梯度：创建它时没有设requires_grad=True，或者backward()没有传到它",
    ),
    "graph_missing": (
        "the graph does not connect the loss to the parameters: they were made without requires_grad=True, or it was computed under torch.no_grad(), or from .detach() or .item()",
        "损失与参数之间没有建立计算图：创建参数时没有设requires_grad=True，或者损失是在torch.no_grad()下、由.detach()或.item()的结果算出的",
    ),
    "leaf_in_place": (
        "a parameter is changed while operations are recorded: do that within torch.no_grad()",
        "修改参数时仍在记录运算：请把更新写在torch.no_grad()中",
    ),
    "graph_used": (
        "backward() goes through the same graph twice: compute the loss anew for each step, and change parameters in place, within torch.no_grad()",
        "backward()两次经过同一个计算图：每一步都要重新计算损失，并在torch.no_grad()中原地修改参数",
    ),
    "overwritten": (
        "a tensor that the gradient needs was overwritten before backward()",
        "求梯度要用到的张量在backward()之前被原地改写了",
    ),
    "not_scalar": (
        "backward() begins at one number: sum the losses first, or take their mean",
        "backward()只能从一个数开始：请先对损失求和或取平均",
    ),
    "still_recorded": (
        "the tensor still records gradients: call .detach() first",
        "张量还在记录梯度：请先调用.detach()",
    ),
    "many": (
        "one number is needed here, and the tensor holds several: is a sum or a mean missing?",
        "这里需要一个数，张量中却有多个：是否漏了求和或取平均？",
    ),
    "dtypes": (
        "two dtypes meet on this line: convert one of the tensors, x.to(y.dtype)",
        "这一行里有两种dtype：请转换其中一个张量，x.to(y.dtype)",
    ),
    "shapes": (
        "the shapes on this line do not fit: print them, and look for a reshape or a transpose that is missing",
        "这一行里的形状不相容：请把形状打印出来，看看是否漏了reshape或转置",
    ),
    "none_value": (
        "a value is None here: does a function lack its return?",
        "这里有一个值是None：是否有函数漏写了return？",
    ),
    "none_value_returned": (
        "a function returned None: is a return missing?",
        "有函数返回了None：是否漏写了return？",
    ),
    "shapes_returned": (
        "a function returned a tensor of another shape than the question asks for",
        "有函数返回的张量与题目要求的形状不同",
    ),
    "unpacked": (
        "another number of values came back than the question asks for",
        "返回值的个数与题目要求的不同",
    ),
    "called": (
        "a call does not fit the function: compare the names and the number of its arguments",
        "调用与函数的定义不符：请对照参数的名称和个数",
    ),
    # What stopped a cell (lr_grading.marker)
    "cell_late": (
        "This cell did not finish within {timeout} seconds and was stopped. Is there a loop that does not end?",
        "本单元格运行超过{timeout}秒，已被停止。是否有死循环？",
    ),
    "cell_died": (
        "Python ended while this cell ran: it was killed, or it took too much memory or too many processes.",
        "运行本单元格时Python退出了：它被终止，或者占用了过多的内存或进程。",
    ),
    "cell_unrun": (
        "This cell was not run: the cells before it took {seconds:g} seconds in all.",
        "本单元格没有运行：前面的单元格总共已用了{seconds:g}秒。",
    ),
    "no_start": (
        "The process that runs the answers does not start: {error}",
        "运行答案的进程无法启动：{error}",
    ),
    "withheld": (
        "No points until your teacher has looked at it: a check of this question looks at what goes on while the answer runs, and the notebook reaches for {what}, at: {line}",
        "教师查看之前不给分：本题有一项检查要看答案运行的过程，而笔记本用到了{what}：{line}",
    ),
    "cell_scoreless": ("This cell gave no score.", "本单元格没有给出分数。"),
    "cell_cut": (
        "\n[The output was cut here: it is longer than {limit} characters.]\n",
        "\n[输出超过{limit}个字符，在此截断。]\n",
    ),
    # What the pre-flight check found (lr_grading.repair)
    "suspicious": (
        "{question}: the line “{line}” reaches for {what}, which no answer needs.",
        "{question}：“{line}”这一行用到了{what}，任何答案都不需要它。",
    ),
    "own_cell": ("An added cell", "自行添加的单元格"),
    "preflight": ("Pre-flight check", "评分前检查"),
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
    "other_edition": (
        "This is a notebook of the Chinese edition; its answers are marked with the English checks.",
        "这是英文版的笔记本，其中的答案按中文版的检查评分。",
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
        "{name}: the answer was in {count} cells; they were joined in their order.",
        "{name}：答案分布在{count}个单元格中，已按顺序合并。",
    ),
    "checks_missing": (
        "{name}: the checks were missing; they were put back.",
        "{name}：检查单元格缺失，已放回。",
    ),
    "checks_changed": (
        "{name}: the cell had been changed; the original was put back.",
        "{name}：单元格被改动过，已恢复为原始内容。",
    ),
    "checks_twice": (
        "{name}: the cell was there {count} times; one was kept.",
        "{name}：单元格出现了{count}次，只保留一个。",
    ),
    "reordered": (
        "The cells were in another order; they were put back into the order of the assignment.",
        "单元格的顺序被打乱，已恢复为作业的顺序。",
    ),
    # The list at the top of the feedback (lr_grading.nbgrader_plugins)
    "visible_checks_of": ("{question}: visible checks", "{question}：可见的检查"),
    "hidden_checks_of": ("{question}: hidden checks", "{question}：隐藏检查"),
    # What the command line says (lr_grading.__main__, lr_grading.classroom)
    "unwritten": ("still to be written: {names}", "尚未写完：{names}"),
    "mend_first_by_number": (
        "mend question {number} ({question}) first: its error stops this one",
        "请先改好第{number}题（{question}）：本题因它出错而无法完成",
    ),
    "no_assignment": (
        "There is no assignment {name}.{meant} The assignments: {names}",
        "没有名为{name}的作业。{meant}作业有：{names}",
    ),
    "did_you_mean": (" Did you mean {near}?", "是不是{near}？"),
    "which_assignment": (
        "Which assignment? After make, write for example ASSIGNMENT=ohm. The assignments: {names}",
        "要哪个作业？用make时请写明，例如ASSIGNMENT=ohm。作业有：{names}",
    ),
    "no_notebook": (
        "There is no notebook {file}. Name another one: --file FILE, or FILE=… after make check.",
        "没有笔记本{file}。请指定另一个：--file 文件，用make check时写FILE=…。",
    ),
    "not_an_assignment": (
        "{file} is none of the assignments: {names}",
        "{file}不是下列作业之一：{names}",
    ),
    "read_as_other_edition": (
        "{file} is of the Chinese edition and is marked as such; EDITION=zh selects that edition.",
        "{file}是英文版的笔记本，按英文版评分；用EDITION=en可以指定英文版。",
    ),
    "folder_is_link": (
        "{folder} is a link. Put the folder itself in its place.",
        "{folder}是一个链接。请换成文件夹本身。",
    ),
    "nothing_accepted": (
        "Nothing was marked: the lines above say why.",
        "没有评分：原因见以上各行。",
    ),
    "skipped": ("Not collected: {file}: {reason}", "没有收取{file}：{reason}"),
    "no_plain_file": (
        "it is a link or a pipe, or its path leads out of the archive.",
        "它是链接或管道，或者路径指向压缩包之外。",
    ),
    "nobodys_file": (
        "its name does not say whose it is; expected STUDENT_{name}.ipynb",
        "从文件名看不出是谁的，应为：学生_{name}.ipynb",
    ),
    "others_file": (
        "it is named for another student than {owner}, whose archive this is.",
        "压缩包属于{owner}，这个文件却以另一名学生命名。",
    ),
    "second_file": (
        "there is another notebook of {student}, which was collected.",
        "{student}另有一个笔记本，收取的是那一个。",
    ),
    "archive_broken": ("it cannot be unpacked ({error}).", "无法解压（{error}）。"),
    "archive_depth": (
        "it is nested in more than {limit} archives.",
        "压缩包嵌套超过{limit}层。",
    ),
    "archive_size": (
        "it unpacks to more than {limit} MB; what comes after that was left out.",
        "解压后超过{limit} MB，其后的内容已略去。",
    ),
    "unusable_name": (
        'No student can be called {name}: the name is empty, or has a control character, one of < > " [ / or a backslash, or a space at an end. Give the folder or file another name.',
        '学生不能叫{name}：名字为空，含有控制字符、< > " [ / 或反斜杠，或者首尾有空格。请给文件夹或文件改名。',
    ),
    "set_aside": (
        "{file} is neither a file nor a folder, but a link or a pipe; it was moved to {place} and counts as not handed in.",
        "{file}既不是文件也不是文件夹，而是链接或管道；已移到{place}，按未提交处理。",
    ),
    "set_aside_name": (
        "{file} has a control character in its name; it was moved to {place} and counts as not handed in.",
        "{file}的名字中含有控制字符；已移到{place}，按未提交处理。",
    ),
    "no_time": (
        "{file} held no time that can be read; it was moved to {place}. The time of the notebook's file is taken.",
        "{file}中没有可识别的时间；已移到{place}，改用笔记本文件的时间。",
    ),
    "other_taken": (
        "{file} is marked in place of {notebook}, which is missing, or untouched, or cannot be read.",
        "按{file}评分：{notebook}不存在、未作答或无法读取。",
    ),
    "unworked": ("{file} was moved to {place}.", "{file}已移到{place}。"),
    # Whose a file is, and what is collected (lr_grading.owner, lr_grading.collect)
    "by_canvas": ("Canvas: {label}", "Canvas：{label}"),
    "by_moodle": ("Moodle: {label}", "Moodle：{label}"),
    "by_name": ("name of the file: {label}", "文件名：{label}"),
    "by_folder": ("folder or archive: {label}", "文件夹或压缩包：{label}"),
    "is_in_list": ("{clue} is {name} of the list", "{clue}，即名单中的{name}"),
    "nobodys_notebook": (
        "its name does not say whose it is. Rename it to STUDENT_{name}.ipynb, or put it into a folder named for the student.",
        "从名称看不出是谁的。请改名为“学生_{name}.ipynb”，或放进以学生命名的文件夹。",
    ),
    "not_in_list": (
        "{label} is not in the list of the class, students.csv.",
        "名单students.csv中没有{label}。",
    ),
    "several_students": (
        "{label} fits several students of the list: {students}. Put the id into the name of the file.",
        "{label}与名单中的多名学生相符：{students}。请在文件名中写上学号。",
    ),
    "different_students": (
        "its name and its folders name different students of the list: {students}.",
        "文件名和文件夹指向名单中的不同学生：{students}。",
    ),
    "several_accounts": (
        "the platform has several students called {student}. Rename the files to ID_{name}.ipynb, with the id of each.",
        "平台上有多名学生叫{student}。请分别改名为“学号_{name}.ipynb”。",
    ),
    "not_of_assignment": (
        "no answer of {name} is in it.",
        "其中没有{name}的答案单元格。",
    ),
    "of_other_assignment": (
        "it is a notebook of the assignment {other}.",
        "这是作业{other}的笔记本。",
    ),
    "unreadable_file": ("it cannot be read ({error}).", "无法读取（{error}）。"),
    "closed_archive": (
        "archives of this kind are not opened. Unpack it, or ask for a .zip.",
        "不支持这种压缩格式。请先自行解压，或请学生改交zip文件。",
    ),
    "same_notebook": ("it is the same as {taken}.", "与{taken}内容相同。"),
    "older_notebook": (
        "it is not newer than {taken}, which counts.",
        "以{taken}为准，这一份并不更新。",
    ),
    "untouched_notebook": (
        "nothing is written in it; {taken} counts.",
        "尚未作答，以{taken}为准。",
    ),
    "other_notebook": (
        "it cannot be read, or is of another assignment; {taken} counts.",
        "无法读取或属于其他作业，以{taken}为准。",
    ),
    "collected_before": (
        "the one that was collected before, of {time}",
        "此前收取的{time}那一份",
    ),
    "to_collect": ("{name}: {count} to collect", "{name}：待收取{count}份"),
    "replaces": ("; replaces the one of {time}", "；替换{time}的那一份"),
    "collected_already": (
        "Collected before and unchanged: {count}",
        "此前已收取且没有变化：{count}份",
    ),
    "no_notebook_files": (
        "Not collected, because they are no notebooks: {count} ({names})",
        "没有收取的非笔记本文件：{count}个（{names}）",
    ),
    "nothing_from": (
        "Nothing yet from {count} of {total} in the list: {names}",
        "名单共{total}人，尚未提交的有{count}人：{names}",
    ),
    "collect_question": ("Collect these {count}? [y/N] ", "收取这{count}份吗？[y/N] "),
    "say_yes": (
        "Nothing was collected: there is no terminal to ask in. To collect what the plan shows, write YES=1 after make collect, or --yes.",
        "没有收取：当前没有可供确认的终端。要按上述计划收取，用make collect时写YES=1，或者写--yes。",
    ),
    "nothing_collected": ("Nothing was collected.", "没有收取任何文件。"),
    "collected": ("Collected into {folder}: {count}", "已收取{count}份，位于{folder}"),
    "which_source": (
        "Which files? After make, write FROM=…, a folder, a file or an archive.",
        "收取哪些文件？用make时请写明FROM=…，可以是文件夹、文件或压缩包。",
    ),
    "no_such_source": (
        "There is no file or folder {file}. Expected what was downloaded: a folder, a file or an archive.",
        "没有文件或文件夹{file}。请写明下载到的文件夹、文件或压缩包。",
    ),
    "no_notebooks": (
        "There is no notebook of {name} whose student is known.",
        "没有找到能确定学生的{name}笔记本。",
    ),
    "no_sandbox": (
        "Nothing was marked: there is no sandbox for the students' code. Install bubblewrap (on Debian and Ubuntu: apt install bubblewrap), or elsewhere Docker or Podman, and run make sandbox. To mark without one, with your own rights: SANDBOX=none after make autograde, or --without-sandbox.",
        "没有评分：找不到运行学生代码的沙箱。请安装bubblewrap（Debian和Ubuntu：apt install bubblewrap）；其他系统可安装Docker或Podman，再运行make sandbox。若要不用沙箱、以你自己的权限评分：用make autograde时写SANDBOX=none，或者写--without-sandbox。",
    ),
    "sandbox_fails": (
        "Nothing was marked: the sandbox for the students' code does not start on this machine. {name} says: {answer} (For Docker and Podman, make sandbox builds the image.) To mark without one, with your own rights: SANDBOX=none after make autograde, or --without-sandbox.",
        "没有评分：运行学生代码的沙箱在这台机器上无法启动。{name}的说明：{answer}（Docker和Podman的镜像由make sandbox构建。）若要不用沙箱、以你自己的权限评分：用make autograde时写SANDBOX=none，或者写--without-sandbox。",
    ),
    "nothing_handed_in": (
        "No submission of {name} was found: expected {folder}/STUDENT/{name}/{name}.ipynb",
        "没有人提交{name}：应有{folder}/学生/{name}/{name}.ipynb",
    ),
    "marking": ("Marking {file}", "正在为{file}评分"),
    "why_named": ("which you named", "由你指定"),
    "why_here": ("which is in this folder", "位于当前文件夹"),
    "why_exercises": ("the copy in the exercises of the course", "课程exercises文件夹中的那一份"),
    "marks_of": ("Marks of {file}, {why}", "{file}的得分（{why}）"),
    "by_hand": ("   – / {points:g}  marked by your teacher", "   – / {points:g}  由教师评分"),
    "total": ("total", "总分"),
    "seed": (
        "The hidden checks drew their inputs from seed {seed}. SEED={seed} after make check, or --seed {seed}, repeats them.",
        "隐藏检查的输入由种子{seed}生成。用make check时写SEED={seed}，否则写--seed {seed}，可以重现。",
    ),
    "no_hidden": (
        "The hidden checks are not here; your teacher has them.",
        "这里没有隐藏检查，它们由教师保管。",
    ),
    "no_fresh": (
        "There is no fresh copy of {name} here; ask your teacher for the file.",
        "这里没有{name}的新副本，请向教师索取文件。",
    ),
    "kept": ("Your notebook is kept as {file}", "原来的笔记本已保存为{file}"),
    "fresh": ("A fresh copy is in {file}", "新的副本位于{file}"),
    "to_mark": (
        "{marks} ({points:g} to be marked by hand)",
        "{marks}（另有{points:g}分待人工评分）",
    ),
    "no_mark": ("no mark; the reason:", "没有得分，原因："),
    "backed_up": (
        "The gradebook as it was is kept in {file}",
        "评分前的成绩册已备份到{file}",
    ),
    "interrupted": (
        "Stopped: {done} of {count} are marked. The same command goes on with the others.",
        "已停止：{count}份作业中已评完{done}份。再次运行同一命令，会接着评其余的作业。",
    ),
    "marked_elsewhere": (
        "Another process is marking the class in {folder}. Wait until it has ended.",
        "另一个进程正在为{folder}中的班级评分，请等它结束。",
    ),
    "worker_died": (
        "the process that ran it was killed, twice. Is there enough memory?",
        "运行它的进程两次被系统终止。内存是否不足？",
    ),
    "other_graders": (
        "this worker has another version of the course or of PyTorch. Install the same version on all machines, and start its worker again.",
        "这个工作进程所用的课程或PyTorch版本与本机不同。请在所有机器上安装同一版本，并重新启动工作进程。",
    ),
    "no_distributed": (
        "Several machines need the package distributed. Install it: pip install -r requirements/cluster.txt",
        "使用多台机器需要distributed软件包，请先安装：pip install -r requirements/cluster.txt",
    ),
    "encoding": (
        "The file was not saved in UTF-8; it was read as {encoding}. Please check that all letters are right.",
        "文件没有以UTF-8编码保存，已按{encoding}读取，请检查文字是否正确。",
    ),
    "written_beside": (
        "{name}: the answer was written in a new cell beside the place for it; it was taken over.",
        "{name}：答案写在了原位置旁边的新单元格里，已移到原位置。",
    ),
    "not_marked_yet": (
        "This is not marked yet; until then it counts 0 points.",
        "尚未评分，暂按0分计。",
    ),
    "column_id": ("id", "学号"),
    "column_name": ("name", "姓名"),
    "column_section": ("section", "班级"),
    "column_email": ("email", "邮箱"),
    "column_handed_in": ("handed in (UTC)", "提交时间（UTC）"),
    "column_late": ("hours late", "迟交小时数"),
    "column_penalty": ("penalty", "迟交扣分"),
    "column_by_hand": ("to be marked by hand", "待人工评分"),
    "column_total": ("total", "总分"),
    "column_of": ("of", "满分"),
    "exported": ("The marks are in {file}", "成绩已写入{file}"),
    "left_out": (
        "{count} left out, as points are still to be marked by hand: {students}",
        "有{count}人尚待人工评分，未写入：{students}",
    ),
    "no_row": (
        "{count} could not be matched to a row of that file: {students}",
        "该文件中找不到以下{count}人对应的行：{students}",
    ),
    "missing_students": (
        "{count} have handed nothing in: {students}",
        "有{count}人没有提交：{students}",
    ),
    "nothing_marked": (
        "Nothing of {name} is marked yet. First run: {command}",
        "{name}还没有评分，请先运行：{command}",
    ),
    "no_key": (
        "{file} has no column that says who each student is. Expected one of: {keys}",
        "{file}中没有能识别学生的列，应至少有其中之一：{keys}",
    ),
    "no_date": (
        'No time can be read in "{given}". Expected, for example: 2026-12-10 23:59',
        "无法识别时间“{given}”，应写成例如：2026-12-10 23:59",
    ),
    "no_zone": (
        'There is no time zone "{given}". Expected, for example: Europe/Berlin or Asia/Shanghai',
        "没有名为“{given}”的时区，应写成例如：Asia/Shanghai或Europe/Berlin",
    ),
    "zone_of_machine": ("the time of this machine", "本机时间"),
    "due": (
        "{name} is due at {time} ({zone}), which is {utc} in UTC.",
        "{name}的截止时间为{time}（{zone}），即UTC时间{utc}。",
    ),
    "marks_change": (
        "The marks of {count} of {of} that were marked before change, with the same answers:",
        "{of}份曾评过分、答案未变的作业中，有{count}份的得分将会改变：",
    ),
    "marks_written": ("These marks are written now.", "现在写入新的得分。"),
    "marks_kept": ("The marks are left as they were.", "得分保持不变。"),
    "may_change": ("Write the new marks? [y/N] ", "写入新的得分吗？[y/N] "),
    "list_without_id": (
        "{file} has no column id. Its first line is: {given}. Expected: id,name,section,email, of which only id is needed.",
        "{file}中没有“学号”一列，首行是：{given}。首行应为：学号,姓名,班级,邮箱，其中只有学号必不可少。",
    ),
    "list_unusable_id": (
        '{file}, line {line}: no student can be called {student!r}. Expected an id without the characters < > " \\ / [ and without spaces at its ends.',
        '{file}第{line}行：{student!r}不能用作学号。学号不能为空，首尾不能有空格，也不能含有< > " \\ / [等字符。',
    ),
    "list_second_id": (
        "{file}, line {line}: {student} is in the list already. Expected each id once.",
        "{file}第{line}行：学号{student}重复。每个学号只能出现一次。",
    ),
    "report_written": (
        "The report is in {page}, and its numbers are in {table}",
        "报告已写入{page}，其中的数据另存于{table}",
    ),
    "no_scheduler": (
        "No scheduler of Dask answers at {address}, for example tcp://10.0.0.1:8786: {error}",
        "{address}处没有Dask调度器应答（地址形如tcp://10.0.0.1:8786）：{error}",
    ),
}


def text(language: str, key: str, **values: object) -> str:
    """The message ``key`` in a language, with its values filled in.

    Raises:
        ValueError: There is no such language.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language is {language!r}; expected one of {', '.join(LANGUAGES)}.")
    return _TEXTS[key][LANGUAGES.index(language)].format(**values)
