// The user's words come with the page, already translated; {name} stands for a value.
const words = JSON.parse(document.querySelector('meta[name="unionops-words"]')?.content || "{}");

export function say(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export function clock(time) {
  const date = new Date(time);
  const two = (number) => String(number).padStart(2, "0");
  const hours = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (date.toDateString() === new Date().toDateString()) return hours;
  return `${two(date.getMonth() + 1)}-${two(date.getDate())} ${hours}`;
}

export function age(time) {
  const minutes = Math.floor((Date.now() - time) / 60000);
  if (minutes < 1) return say("age.now");
  if (minutes < 60) return say("age.minutes", { n: minutes });
  if (minutes < 1440) return say("age.hours", { n: Math.floor(minutes / 60) });
  return say("age.days", { n: Math.floor(minutes / 1440) });
}
