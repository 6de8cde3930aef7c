// The box to type in: completion of commands, people, channels; sending; files.

/** Bring a composer to life; `send(text)` posts, `upload(file, text)` shares a file. */
export function compose(form, { world, send, upload }) {
  const box = form.querySelector("textarea");
  const list = form.querySelector(".completion");
  const picker = form.querySelector("input[type=file]");

  const grow = () => {
    box.style.height = "auto";
    box.style.height = Math.min(box.scrollHeight + 2, 240) + "px";
  };

  const submit = async () => {
    const text = box.value.trim();
    if (!text) return;
    box.value = "";
    grow();
    hide();
    const answer = await send(text);
    if (answer && answer.ok === false && !box.value && answer.error !== "dispatch_failed") box.value = "";
  };

  const hide = () => {
    list.hidden = true;
    list.replaceChildren();
  };

  const offer = () => {
    const found = completions(box, world());
    list.replaceChildren(...found.map((one, at) => item(one, at === 0)));
    list.hidden = found.length === 0;
  };

  const item = (one, active) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("role", "option");
    if (active) button.classList.add("active");
    const name = document.createElement("b");
    name.textContent = one.shown;
    const hint = document.createElement("span");
    hint.className = "muted";
    hint.textContent = one.hint ?? "";
    button.append(name, " ", hint);
    button.onclick = () => take(one);
    return button;
  };

  const take = (one) => {
    const [from, to] = one.range;
    box.setRangeText(one.text + " ", from, to, "end");
    hide();
    grow();
    box.focus();
  };

  box.addEventListener("input", () => {
    grow();
    offer();
  });
  box.addEventListener("keydown", (event) => {
    const active = list.hidden ? null : list.querySelector(".active");
    if (active && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? "nextElementSibling" : "previousElementSibling";
      const next = active[step];
      if (next) {
        active.classList.remove("active");
        next.classList.add("active");
        next.scrollIntoView({ block: "nearest" });
      }
    } else if (active && (event.key === "Tab" || (event.key === "Enter" && !typedOut(active, box)))) {
      event.preventDefault();
      active.click();
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      hide();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  form.querySelector(".attach").onclick = () => picker.click();
  picker.onchange = async () => {
    for (const file of picker.files) await upload(file, box.value.trim());
    box.value = "";
    picker.value = "";
    grow();
  };
  return {
    fill(text) {
      box.value = text;
      grow();
      box.focus();
      box.setSelectionRange(text.length, text.length);
    },
  };
}

/** Whether what is offered was typed out already: then Enter sends. */
function typedOut(active, box) {
  const word = box.value.slice(0, box.selectionStart).split(/\s/).at(-1);
  return active.querySelector("b").textContent === word;
}

function completions(box, world) {
  const before = box.value.slice(0, box.selectionStart);
  const command = before.match(/^\/\S*$/);
  if (command) {
    return world.apps
      .flatMap((app) => app.commands)
      .filter((c) => c.command.startsWith(before))
      .map((c) => ({ shown: c.command, hint: `${c.usage_hint ?? ""} — ${c.description ?? ""}`, text: c.command, range: [0, before.length] }));
  }
  const mention = before.match(/(^|\s)([@#])([\p{L}\p{N}_-]*)$/u);
  if (!mention) return [];
  const [, , sign, typed] = mention;
  const from = before.length - typed.length - 1;
  const pool = sign === "@"
    ? world.people.map((p) => ({ shown: "@" + p.name, hint: p.shown, text: "@" + p.name }))
    : world.channels.map((c) => ({ shown: "#" + c.name, hint: "", text: "#" + c.name }));
  const wanted = typed.toLowerCase();
  return pool
    .filter((one) => (one.shown + " " + one.hint).toLowerCase().includes(wanted))
    .slice(0, 8)
    .map((one) => ({ ...one, range: [from, before.length] }));
}
