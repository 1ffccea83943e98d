"""The web page: paste a link or a text, see the stages pass, read the verdict. All of it works without JavaScript."""
