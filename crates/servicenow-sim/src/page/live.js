// Adds what was asked since to the journal on the page. Everything is set as text, never as markup.
"use strict";
(() => {
  const body = document.getElementById("journal");
  if (!body) return;
  const keep = Number(body.dataset.keep);
  let after = Number(body.dataset.after);

  const element = (name, text, kind) => {
    const it = document.createElement(name);
    it.textContent = text;
    if (kind) it.className = kind;
    return it;
  };

  const row = (entry) => {
    const it = document.createElement("tr");
    const time = new Date(entry.at_ms).toISOString().slice(11, 19);
    for (const text of [entry.n, time, entry.user]) it.append(element("td", text));
    const request = element("td", "");
    request.append(element("b", entry.method), " ", element("code", entry.path));
    for (const part of entry.parts ?? []) {
      const fault = part.fault ? ` ${part.fault}` : "";
      const outcome = `${part.method} ${part.path}: ${part.status}${fault}`;
      request.append(element("br", ""), element("code", outcome));
    }
    const status = element("td", "");
    const good = entry.status >= 200 && entry.status < 400;
    status.append(element("span", entry.status, good ? "badge good" : "badge bad"));
    if (entry.fault) status.append(element("span", entry.fault, "badge warning"));
    it.append(request, status);
    return it;
  };

  const ask = async () => {
    try {
      const answer = await fetch(`/_sim/journal?after=${after}`);
      const entries = answer.ok ? await answer.json() : [];
      for (const entry of entries) {
        body.prepend(row(entry));
        after = entry.n;
      }
      while (body.rows.length > keep) body.deleteRow(-1);
    } finally {
      setTimeout(ask, 1000);
    }
  };
  setTimeout(ask, 1000);
})();
