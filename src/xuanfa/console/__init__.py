"""The console (控制台): a publicity officer's whole day in the browser. Server-rendered pages over the operations; a page is a small module and
a template, and works without script."""
