// Read when a request is sent: the token changes with every sign-in, and a page from the cache holds an old one.
export function csrfToken() {
  const cookie = document.cookie.match(/(?:^|;\s*)(?:__Host-|__Secure-)?csrftoken=([^;]+)/);
  return cookie ? decodeURIComponent(cookie[1]) : (document.querySelector('meta[name="unionops-csrf"]')?.content ?? "");
}

export function signInUrl() {
  return document.documentElement.dataset.signIn || "/";
}

function isSignIn(address) {
  return new URL(address, location.href).pathname === new URL(signInUrl(), location.href).pathname;
}

export class NoNetwork extends Error {}

// Post a form and answer {status, url, text, header(name)}. XMLHttpRequest, because fetch can't report how much is sent.
export function post(url, body, { headers = {}, onProgress } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    if (onProgress) {
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) onProgress(event.loaded / event.total);
      });
    }
    request.timeout = 10 * 60 * 1000;
    request.addEventListener("load", () => {
      const redirected = request.responseURL && new URL(request.responseURL).pathname !== new URL(url, location.href).pathname;
      const status = redirected && isSignIn(request.responseURL) ? 401 : request.status;
      resolve({ status, url: request.responseURL, text: request.responseText, header: (name) => request.getResponseHeader(name) });
    });
    for (const fault of ["error", "timeout", "abort"]) request.addEventListener(fault, () => reject(new NoNetwork(fault)));
    request.send(body);
  });
}

export async function getJson(url, values, { signal } = {}) {
  const address = new URL(url, location.href);
  for (const [name, value] of Object.entries(values)) address.searchParams.set(name, value);
  let response;
  try {
    response = await fetch(address, { signal, headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" }, credentials: "same-origin" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new NoNetwork(error.message);
  }
  if (!response.ok || (response.redirected && isSignIn(response.url))) throw new Error(String(response.status));
  return response.json();
}

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
});
