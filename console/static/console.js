"use strict";
// What htmx does not do by itself. No word of a caller is kept here.

// An answer that is an error is shown as well: the sentence in it says what to do.
document.addEventListener("htmx:beforeSwap", (event) => {
  const status = event.detail.xhr.status;
  if (status >= 400 && status !== 401) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
document.addEventListener("htmx:sendError", () => {
  document.getElementById("notice").textContent = "没有送到：和服务器的连接断了。请看网络，再点一次。";
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && event.detail.requestConfig.verb !== "get") {
    document.getElementById("notice").textContent = "";
  }
});
