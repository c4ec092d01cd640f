"""Reports as files: a web page, a Word document, a spreadsheet. One report as data (``domain/report``), one way of writing each kind of file."""
