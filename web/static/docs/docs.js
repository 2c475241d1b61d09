"use strict";
// Calls an operation from the reference: the browser's session (with its CSRF token) or the token typed above.
async function csrf() {
  const answer = await fetch("/api/v1/session");
  return answer.ok ? (await answer.json()).csrf_token : "";
}
async function call(section, form) {
  let path = section.dataset.path;
  const query = new URLSearchParams(), headers = {}, method = section.dataset.method.toUpperCase(), files = new FormData();
  for (const input of form.querySelectorAll("input[name]")) {
    if (input.dataset.in === "file") { if (input.files[0]) files.append(input.name, input.files[0]); continue; }
    if (!input.value) continue;
    if (input.dataset.in === "path") path = path.replace("{" + input.name + "}", encodeURIComponent(input.value));
    if (input.dataset.in === "query") query.set(input.name, input.value);
    if (input.dataset.in === "header") headers[input.name] = input.value;
  }
  const token = document.getElementById("token").value, area = form.querySelector("textarea");
  if (token) headers.Authorization = "Bearer " + token;
  else if (method !== "GET") headers["X-CSRF-Token"] = await csrf();
  let body;
  if (area) { headers["Content-Type"] = "application/json"; body = area.value; }
  else if (form.querySelector("input[type=file]")) body = files;
  const answer = await fetch(path + (query.size ? "?" + query : ""), { method, headers, body });
  const text = await answer.text();
  let shown = text;
  try { shown = JSON.stringify(JSON.parse(text), null, 1); } catch { /* not JSON: shown as it came */ }
  const out = section.querySelector(".answer");
  out.hidden = false;
  out.textContent = answer.status + " " + answer.statusText + "\n" + shown;
}
for (const section of document.querySelectorAll("details.op")) {
  const form = section.querySelector("form");
  form.addEventListener("submit", (event) => { event.preventDefault(); call(section, form); });
}
document.getElementById("find").addEventListener("input", (event) => {
  const wanted = event.target.value.toLowerCase();
  for (const section of document.querySelectorAll("details.op")) section.hidden = !section.textContent.toLowerCase().includes(wanted);
});
