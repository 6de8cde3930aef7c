// Rich text: what stands in an editor, as Slack's rich_text block has it.

const STYLES = { B: "bold", STRONG: "bold", I: "italic", EM: "italic", S: "strike", STRIKE: "strike", DEL: "strike", CODE: "code" };
const LISTS = { UL: "bullet", OL: "ordered" };
const KEPT = { BLOCKQUOTE: "rich_text_quote", PRE: "rich_text_preformatted" };

/** Return the block that an editor's area holds; null where it is empty. */
export function richOf(area) {
  const found = { elements: [], pieces: [] };
  read(area, {}, found);
  flush(found);
  return found.elements.length ? { type: "rich_text", elements: found.elements } : null;
}

/** Carry out a formatting button, in the editor whose area has the focus. */
export function format(target, root) {
  const tool = target.closest("button[data-tool]")?.dataset.tool;
  if (!tool) return;
  root.querySelector(".area").focus();
  document.execCommand(tool);
  root.dataset.edited = "1";
}

function read(node, style, found) {
  for (const child of node.childNodes) {
    const name = child.nodeName;
    const mark = markOf(child);
    if (child.nodeType === Node.TEXT_NODE) add(found, { type: "text", text: child.data.replaceAll("\u00a0", " ") }, style);
    else if (name === "BR") add(found, { type: "text", text: "\n" }, style);
    else if (mark) add(found, mark, style);
    else if (LISTS[name]) list(child, 0, found);
    else if (KEPT[name]) {
      flush(found);
      found.elements.push({ type: KEPT[name], elements: inline(child) });
    } else {
      if (name === "DIV" || name === "P") newLine(found);
      read(child, STYLES[name] ? { ...style, [STYLES[name]]: true } : style, found);
    }
  }
}

/** Return a mention, an emoji or a link as Slack has it; undefined for other nodes. */
function markOf(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return undefined;
  const { user, channel, emoji } = node.dataset;
  if (user) return { type: "user", user_id: user };
  if (channel) return { type: "channel", channel_id: channel };
  if (emoji) return { type: "emoji", name: emoji };
  if (node.nodeName === "A" && node.href) return { type: "link", url: node.getAttribute("href"), text: node.textContent };
  return undefined;
}

function add(found, piece, style) {
  if (piece.text === "") return;
  const styled = Object.keys(style).length ? { ...piece, style } : piece;
  const last = found.pieces.at(-1);
  const joins = last?.type === "text" && piece.type === "text" && JSON.stringify(last.style) === JSON.stringify(styled.style);
  if (joins) last.text += piece.text;
  else found.pieces.push({ ...styled });
}

function newLine(found) {
  const last = found.pieces.at(-1);
  if (last && !(last.type === "text" && last.text.endsWith("\n"))) add(found, { type: "text", text: "\n" }, {});
}

/** Close the section that was being read; line breaks at its end go with it. */
function flush(found) {
  const last = found.pieces.at(-1);
  if (last?.type === "text") {
    last.text = last.text.replace(/\n+$/, "");
    if (!last.text) found.pieces.pop();
  }
  if (found.pieces.length) found.elements.push({ type: "rich_text_section", elements: found.pieces });
  found.pieces = [];
}

function inline(node) {
  const inside = { elements: [], pieces: [] };
  read(node, {}, inside);
  flush(inside);
  return inside.elements.flatMap((element) => element.elements);
}

/** Read a list; lists inside it become lists of their own, indented. */
function list(node, indent, found) {
  flush(found);
  let items = null;
  for (const child of node.children) {
    if (LISTS[child.nodeName]) {
      list(child, indent + 1, found);
      items = null;
      continue;
    }
    if (!items) {
      items = [];
      found.elements.push({ type: "rich_text_list", style: LISTS[node.nodeName], indent, elements: items });
    }
    const inner = [...child.children].filter((each) => LISTS[each.nodeName]);
    for (const each of inner) each.remove();
    items.push({ type: "rich_text_section", elements: inline(child) });
    for (const each of inner) {
      list(each, indent + 1, found);
      child.append(each);
      items = null;
    }
  }
}
