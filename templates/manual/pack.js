/* Copies one part of the page. Old-fashioned on purpose: the newer interface is closed to pages opened from a folder. */
(function () {
  "use strict";
  var said = document.getElementById("said");
  var timer = 0;

  function tell(text) {
    said.textContent = text;
    said.className = "said shown";
    clearTimeout(timer);
    timer = setTimeout(function () { said.className = "said"; }, 2500);
  }

  function copy(part, rich) {
    var done = false;
    function fill(event) {
      event.clipboardData.setData("text/plain", part.textContent.trim());
      if (rich) { event.clipboardData.setData("text/html", part.innerHTML); }
      event.preventDefault();
      done = true;
    }
    document.addEventListener("copy", fill);
    try { document.execCommand("copy"); } finally { document.removeEventListener("copy", fill); }
    return done;
  }

  Array.prototype.forEach.call(document.querySelectorAll("button[data-copy]"), function (button) {
    button.addEventListener("click", function () {
      var part = document.getElementById(button.getAttribute("data-copy"));
      if (copy(part, button.hasAttribute("data-rich"))) {
        button.classList.add("done");
        tell("已复制，请到后台粘贴");
      } else {
        var all = document.createRange();
        all.selectNodeContents(part);
        getSelection().removeAllRanges();
        getSelection().addRange(all);
        tell("请按 Ctrl+C 复制选中的内容");
      }
    });
  });
})();
