"use strict";
// Judges the answers to the quiz of a chapter, and shows on the front page how many of its
// questions are done. All that it says stands in the page: book/_ext/quiz has put it there.
(() => {
  const fill = (text, ...values) => text.replace(/\{\}/g, () => values.shift());

  // The memory: in this browser alone, one for both editions, a list of names such as
  // "squared-loss/half-of-the-square".

  const KEY = "answered";

  function answered() {
    try {
      return new Set(JSON.parse(localStorage.getItem(KEY)));
    } catch {
      return new Set(); // storage may be forbidden, or hold something else
    }
  }

  function keep(names) {
    try {
      localStorage.setItem(KEY, JSON.stringify([...names]));
    } catch {
      // What is answered counts until the page is left.
    }
  }

  // The judges: for each kind of question, the explanation that the present answer deserves,
  // or the name of what to say where there is nothing to judge. The first explanation is that
  // of the right answer.

  const judges = {
    choose(form, explanations) {
      const chosen = form.querySelector("input:checked");
      return chosen ? explanations.find((e) => e.dataset.value === chosen.value) : "nothing";
    },

    number(form, explanations) {
      const { value, dataset } = form.querySelector("input");
      const numbers = readings(value);
      if (!value.trim()) return "nothing";
      if (!numbers.length) return "unreadable";
      const tolerance = dataset.tolerance * 1.000001; // 4.51 is within 0.01 of 4.5
      const known = explanations.filter((e) => e.dataset.verdict !== "otherwise");
      const meant = (e) => numbers.some((n) => Math.abs(n - e.dataset.value) <= tolerance);
      return known.find(meant) ?? explanations.at(-1);
    },

    order(form, [right, ...wrong]) {
      const places = [...form.querySelectorAll("li")].map((item) => Number(item.dataset.place));
      const position = (place) => places.indexOf(Number(place));
      const swapped = (e) => position(e.dataset.value) > position(Number(e.dataset.value) + 1);
      return wrong.find(swapped) ?? right;
    },
  };

  // The numbers that a text may mean: 0.5, 0,5, ０．５, .5, −3, 1e-3. The comma of 10,000 may
  // group digits or begin decimals, so there are two.
  function readings(text) {
    const plain = text
      .replace(/[！-～]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
      .replace(/\s/g, "")
      .replace(/[−–]/g, "-")
      .replace(/[。｡]/g, "."); // wide characters and this are what Chinese keyboards write
    const grouped = /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(plain);
    return [grouped ? plain.replaceAll(",", "") : plain, plain.replace(",", ".")]
      .filter((number) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(number))
      .map(Number);
  }

  // A question

  function start(form, quiz) {
    const name = `${quiz.dataset.chapter}/${form.dataset.id}`;
    const words = JSON.parse(quiz.dataset.words);
    const [show, done, feedback] = [".show", ".done", ".feedback"].map((part) =>
      form.querySelector(part)
    );
    const explanations = [
      ...quiz.querySelectorAll(`[data-answers="${form.dataset.id}"] [data-verdict]`),
    ];

    function say(verdict, sentence, explanation) {
      const said = document.createElement("p");
      said.append(Object.assign(document.createElement("strong"), { textContent: sentence }));
      if (explanation) said.append(" ", explanation.querySelector(".why").cloneNode(true));
      feedback.dataset.verdict = verdict;
      feedback.replaceChildren(said);
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const judged = judges[form.dataset.kind](form, explanations);
      if (typeof judged === "string") {
        say("problem", words[judged]);
        return;
      }
      const right = judged === explanations[0];
      say(right ? "right" : "wrong", right ? words.right : words.wrong, judged);
      show.hidden = right;
      if (right) {
        done.hidden = false;
        keep(answered().add(name));
      }
    });
    show.addEventListener("click", () => {
      const inOrder = form.dataset.kind === "order"; // see startMoving
      const answer = explanations[0].querySelector("strong").textContent;
      say("answer", inOrder ? words.ordered : answer, explanations[0]);
    });
    for (const part of form.querySelectorAll(".controls, .move")) part.hidden = false;
    if (form.dataset.kind === "order") startMoving(form, words);
    done.hidden = !answered().has(name);
  }

  function startMoving(form, words) {
    const list = form.querySelector("ol");

    function markEnds() {
      for (const button of list.querySelectorAll(".move")) {
        const end = button.dataset.by < 0 ? list.firstElementChild : list.lastElementChild;
        button.setAttribute("aria-disabled", end.contains(button)); // and keeps the focus
      }
    }

    list.addEventListener("click", (event) => {
      const button = event.target.closest(".move:not([aria-disabled=true])");
      if (!button) return;
      const item = button.closest("li");
      // It is the neighbor that moves: the button with the focus stays in the page.
      if (button.dataset.by < 0) item.after(item.previousElementSibling);
      else item.before(item.nextElementSibling);
      const place = [...list.children].indexOf(item) + 1;
      form.querySelector(".moved").textContent = fill(words.place, place, list.children.length);
      markEnds();
    });
    form.querySelector(".show").addEventListener("click", () => {
      list.append(...[...list.children].sort((a, b) => a.dataset.place - b.dataset.place));
      markEnds();
    });
    markEnds();
  }

  // The front page

  function startProgress(progress) {
    const chapters = JSON.parse(progress.dataset.chapters);
    const words = JSON.parse(progress.dataset.words);
    const total = progress.querySelector("p");
    const forget = progress.querySelector("button");
    const contents = progress.closest("section");

    function show() {
      const names = answered();
      let [done, all] = [0, 0];
      for (const [chapter, questions] of Object.entries(chapters)) {
        const here = questions.filter((question) => names.has(`${chapter}/${question}`)).length;
        showChapter(chapter, here, questions.length);
        done += here;
        all += questions.length;
      }
      total.textContent = fill(words.total, done, all);
      progress.style.setProperty("--done", done / all);
      progress.hidden = forget.hidden = !done;
    }

    function showChapter(chapter, done, all) {
      const item = contents.querySelector(`li a[href="${chapter}.html"]`).closest("li");
      item.querySelector(".answered")?.remove();
      if (!done) return;
      const link = document.createElement("a");
      link.className = "answered";
      link.href = `${chapter}.html#questions`;
      link.textContent = fill(words.chapter, done, all);
      link.classList.toggle("all", done === all);
      item.lastElementChild.append(" ", link);
    }

    forget.addEventListener("click", () => {
      if (!confirm(words.sure)) return;
      keep([]);
      show();
      total.textContent = words.forgotten;
      progress.hidden = false;
      total.focus(); // the button is gone
    });
    addEventListener("pageshow", show); // also on the way back from a chapter
  }

  for (const quiz of document.querySelectorAll(".quiz")) {
    quiz.classList.add("live");
    quiz.querySelector(".answers").open = true; // on paper; the screen hides them
    for (const form of quiz.querySelectorAll("form")) start(form, quiz);
  }
  document.querySelectorAll(".quiz-progress").forEach(startProgress);
})();
