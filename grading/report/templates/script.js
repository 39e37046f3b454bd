"use strict";
(function () {
  const all = (selector, inside) => Array.from((inside || document).querySelectorAll(selector));
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) clear();
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.scrollIntoView();
  };
  all(".tools").forEach((tool) => { tool.hidden = false; });
  all("[data-fold]").forEach((button) => button.addEventListener("click", () => {
    all("#part\\.report details").forEach((fold) => { fold.open = button.dataset.fold === "open"; });
  }));
  const form = document.getElementById("filter");
  const told = form.querySelector("output");
  const groups = all(".kept").map((group) => ({
    group, kind: group.dataset.kind,
    records: all(".register > li", group).map((record) => ({
      record,
      text: record.textContent.toLowerCase(),
      side: (record.querySelector(":scope > i") || record).textContent,
      used: record.querySelector(".used") ? "yes" : "no",
    })),
  }));
  const filter = () => {
    const wanted = new FormData(form);
    const text = wanted.get("text").toLowerCase().trim();
    const asked = ["text", "kind", "side", "used"].some((name) => wanted.get(name));
    let shown = 0;
    for (const { group, kind, records } of groups) {
      let own = 0;
      for (const { record, text: says, side, used } of records) {
        const fits = (!wanted.get("kind") || wanted.get("kind") === kind)
          && (!wanted.get("side") || wanted.get("side") === side)
          && (!wanted.get("used") || wanted.get("used") === used)
          && says.includes(text);
        record.hidden = !fits;
        own += fits;
      }
      group.hidden = asked && !own;
      group.open = asked && own > 0;
      shown += own;
    }
    told.textContent = asked ? shown + (shown === 1 ? " record" : " records") : "";
  };
  const clear = () => { form.reset(); filter(); };
  form.addEventListener("input", filter);
  form.querySelector("button").addEventListener("click", clear);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", reveal);
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details:not([open])").filter((fold) => !fold.closest(".cards"));
    folded.forEach((fold) => { fold.open = true; });
  });
  addEventListener("afterprint", () => folded.forEach((fold) => { fold.open = false; }));
  reveal();
})();
