"""Reads files of the user: text in the usual encodings, tables in the usual forms. numpy; pandas only inside calls.

Everything here is synchronous, knows no window and may be called on any thread; whatever can take long asks whether it
is still wanted and says how far it is. What cannot be read is a ReadingError whose message is a sentence.
"""
