"""Mail in and mail out (docs/mail.md).

In: `imap` and the command receive_mail hand bytes to `intake`, which keeps them whole, reads them once (`reading`),
finds out whose they are (`senders`) and which ticket they belong to (`threads`), and calls the domain.

Out: `letters` writes a row for each letter that a fact asks for, `readers` says to whom, `composing` makes the mail of
a row and `sending` hands it to the mail server until it takes it. `bounces` tells the
desk of those that did not arrive, and `stopping` is the link of who no longer wants them.

`identity` is what our own mail is known by.
"""
