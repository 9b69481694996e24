"""The words of the report on a class, in both languages side by side."""

from lr_grading.messages import LANGUAGES

_WORDS = {
    "title": ("Class report: {name}", "班级报告：{name}"),
    "made": ("Written on {time}.", "生成时间：{time}。"),
    "nameless": (
        "Names are left out. Students have numbers in a random order, which is another one in each report.",
        "本报告不含姓名。学生以随机编号代替，每次生成报告时编号都会改变。",
    ),
    "colon": (": ", "："),
    "comma": (", ", "、"),
    "clause": (", ", "，"),
    "gap": (" ", ""),  # between two sentences
    "counted": ("{count}: {who}", "{count}人：{who}"),
    "labelled": ("{name} ({id})", "{name}（{id}）"),
    # Who handed in
    "handing_in": ("Who handed in", "提交情况"),
    "in_list": ("In the list of the class", "名单人数"),
    "no_list": (
        "The class has no list, so missing students cannot be counted. Put a list into {file}.",
        "没有班级名单，无法统计缺交人数。名单文件应为{file}。",
    ),
    "handed_in": ("Handed in", "已提交"),
    "missing": ("Missing", "缺交"),
    "late": ("Late", "迟交"),
    "late_by": ("{student}: {time}", "{student}：{time}"),
    "days": ("{days} d {hours} h", "{days}天{hours}小时"),
    "minutes": ("{hours} h {minutes} min", "{hours}小时{minutes}分"),
    "penalty": (", −{points:g} points", "，扣{points:g}分"),
    "unlisted": ("Handed in, but not in the list", "已提交但不在名单中"),
    "unmarked": ("Handed in, but not marked yet", "已提交但尚未评分"),
    "by_hand": ("Still to be marked by hand", "待人工评分"),
    "waiting": ("{question}: {count}", "{question}：{count}份"),
    "nobody": ("none", "无"),
    # Marks
    "marks": ("Marks", "分数分布"),
    "marks_said": (
        "{count} marked, of {points:g} points: mean {mean:.1f}, median {median:.1f}. Half of the marks are between {lower_quartile:.1f} and {upper_quartile:.1f}, the lowest is {lowest:.1f}, the highest {highest:.1f}.",
        "共{count}份，满分{points:g}分：平均分{mean:.1f}，中位数{median:.1f}。下四分位数{lower_quartile:.1f}，上四分位数{upper_quartile:.1f}，最低{lowest:.1f}，最高{highest:.1f}。",
    ),
    "marks_waiting": (
        "Answers that are still to be marked by hand count 0 points here.",
        "待人工评分的题目暂按0分计。",
    ),
    "histogram": (
        "Histogram of the marks with a dashed line at the median. {said}",
        "分数直方图，虚线为中位数。{said}",
    ),
    "axis_points": ("points", "分数"),
    "axis_students": ("students", "人数"),
    # Questions
    "questions": ("Questions", "各题情况"),
    "question": ("Question", "题目"),
    "points": ("Points", "分值"),
    "marked": ("Marked", "已评"),
    "solved": ("Full marks", "满分人数"),
    "mean_share": ("Mean share of the points", "得分率"),
    "discrimination": ("Separation", "区分度"),
    "remark": ("What it means", "评价"),
    "good": ("very good", "优秀"),
    "fair": ("good", "良好"),
    "weak": ("marginal", "勉强可用"),
    "poor": ("poor: look at the question", "较差，请检查题目"),
    "negative": (
        "weak students do better: look at the question",
        "低分学生反而答得更好，请检查题目",
    ),
    "no_value": ("no value", "无"),
    "discrimination_said": (
        "The separation is the correlation between the points for a question and the points for all other questions (the corrected item-total correlation). For a question that is either right or wrong, it is the point-biserial correlation. A value near 1 means that strong students solve the question and weak ones do not. A value near 0 means that the question says nothing about a student.",
        "区分度是一道题的得分与其余各题总分的相关系数（校正的题总相关；题目只有对错两种结果时，即点二列相关）。接近1说明总分高的学生答对、总分低的学生答错；接近0说明该题反映不出学生的水平。",
    ),
    "bounds_said": (
        "Ebel and Frisbie (Essentials of Educational Measurement, 5th ed., 1991) call 0.40 and more very good, 0.30 to 0.39 good, 0.20 to 0.29 marginal, and less than that poor. An easy question cannot separate strong students from weak ones, but may still be good.",
        "按Ebel和Frisbie（Essentials of Educational Measurement，第5版，1991）的标准，0.40及以上为优秀，0.30至0.39为良好，0.20至0.29为勉强可用，0.20以下为较差。很容易的题区分度必然低，但不一定是坏题。",
    ),
    "chance": (
        "With {count} students, chance alone gives values of up to ±{bound:.2f}.",
        "{count}名学生时，仅由偶然因素就可能出现±{bound:.2f}以内的数值。",
    ),
    "too_few": (
        "It is computed from {fewest} students on. There is no value where all have the same points.",
        "至少有{fewest}名学生时才计算；所有人得分相同时也没有数值。",
    ),
    "bars_share": (
        "Bar plot of the mean share of the points for each question: {values}.",
        "各题得分率的条形图：{values}。",
    ),
    "bars_discrimination": (
        "Bar plot of the separation of each question: {values}.",
        "各题区分度的条形图：{values}。",
    ),
    # Checks
    "checks": ("Checks that failed most", "未通过人数最多的检查"),
    "check": ("Check", "检查"),
    "checks_said": (
        "Each with the three results that came back most often. An answer that is still to be written, and an error that another question has caused, are counted separately.",
        "每项列出最常见的三种返回结果。尚未作答的，以及由其他题目的错误引起的，单独计数。",
    ),
    "failed": ("{count} of {all} failed", "{all}人中{count}人未通过"),
    "unwritten": ("{count} not written", "{count}人未作答"),
    "elsewhere": (
        "{count} stopped by an error of another question",
        "{count}人因其他题目出错而无法完成",
    ),
    "unreached": ("{count} without a result", "{count}人没有结果"),
    "times": ("{count} × {what}", "{count}次：{what}"),
    "for_example": ("for example: {got}", "例如：{got}"),
    "all_passed": ("No check failed.", "所有检查均通过。"),
    # Repairs
    "repairs": ("What was repaired", "自动修复"),
    "what": ("What", "内容"),
    "count": ("How often", "次数"),
    "students": ("Students", "学生"),
    "no_repairs": ("Nothing had to be repaired.", "没有需要修复之处。"),
    "suspicions": ("Lines that were reported", "可疑代码"),
    "suspicions_said": (
        "These lines reach for something that no answer needs. Look at them before you decide anything.",
        "以下代码用到了答题并不需要的东西。请先查看，再作判断。",
    ),
    "student": ("Student", "学生"),
    "line": ("Line", "代码"),
    "reaches": ("Reaches for", "用到"),
    "no_suspicions": ("No line was reported.", "没有可疑代码。"),
    # Sections
    "sections": ("Sections", "各班对比"),
    "section": ("Section {name}", "{name}"),
    "statistic": ("Statistic", "统计量"),
    "marked_count": ("Marked", "已评份数"),
    "median": ("Median", "中位数"),
    "quartiles": ("Quartiles", "四分位数"),
    "between": ("{low:.1f} to {high:.1f}", "{low:.1f}～{high:.1f}"),
    "solved_of": ("Full marks: {question}", "满分率：{question}"),
    # Similar submissions
    "pairs": ("Similar submissions", "相似的作业"),
    "pairs_said": (
        "These pairs are for you to look at. They are no proof of copying: students may have learned together, or from the same page. Names, comments, layout and the order of lines do not count, nor do lines that the assignment gives or that many of the class have. In the answers, a bar at the left marks the lines that are alike.",
        "以下各对作业供教师查看，并不说明有抄袭：学生可能一起讨论过，也可能参考了同一份资料。比较时不计变量名、注释、排版和代码行的顺序，也不计作业自带的代码和班上很多人都有的代码。答案中左侧带竖线的是相似的行。",
    ),
    "no_pairs": ("No two submissions look alike.", "没有相似的作业。"),
    "more_pairs": ("The {shown} most similar of {count} pairs.", "共{count}对，仅列出最相似的{shown}对。"),
    "pair": (
        "{one} and {other}: {share:.0%} of what can be compared is alike",
        "{one}与{other}：可比较的内容有{share:.0%}相似",
    ),
    "alike": (
        "{question}: {share:.0%} alike",
        "{question}：{share:.0%}相似",
    ),
    "show_answers": ("Show the answers", "查看答案"),
    # The table of the numbers
    "column_level": ("level", "类别"),
    "column_section": ("section", "班级"),
    "column_question": ("question", "题目"),
    "column_check": ("check", "检查"),
    "column_points": ("points", "分值"),
    "column_students": ("students", "人数"),
    "column_solved": ("solved", "满分人数"),
    "column_mean_share": ("mean share", "得分率"),
    "column_discrimination": ("separation", "区分度"),
    "column_failed": ("failed", "未通过"),
    "column_unwritten": ("unwritten", "未作答"),
    "column_elsewhere": ("stopped elsewhere", "因他题出错"),
    "column_mean": ("mean", "平均分"),
    "column_lowest": ("lowest", "最低"),
    "column_lower_quartile": ("lower quartile", "下四分位数"),
    "column_median": ("median", "中位数"),
    "column_upper_quartile": ("upper quartile", "上四分位数"),
    "column_highest": ("highest", "最高"),
    "level_assignment": ("assignment", "作业"),
    "level_question": ("question", "题目"),
    "level_check": ("check", "检查"),
}  # fmt: skip


def word(language: str, key: str, **values: object) -> str:
    """The words ``key`` in a language, with their values filled in."""
    return _WORDS[key][LANGUAGES.index(language)].format(**values)
