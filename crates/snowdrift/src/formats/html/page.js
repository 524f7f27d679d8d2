
const form = document.getElementById("filters");
if (form) {
  const findings = [...document.querySelectorAll("article.finding")];
  const selects = [...form.querySelectorAll("select")];
  const text = document.getElementById("by-text");
  const shown = document.getElementById("shown");
  const apply = () => {
    const wanted = text.value.toLowerCase();
    let count = 0;
    for (const finding of findings) {
      const fits = selects.every((it) => !it.value || finding.dataset[it.dataset.by] === it.value)
        && (!wanted || finding.textContent.toLowerCase().includes(wanted));
      finding.hidden = !fits;
      count += fits ? 1 : 0;
    }
    shown.value = `${count} of ${findings.length} findings shown`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  apply();
}
