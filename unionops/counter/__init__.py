"""自助服务: the doors for people who have no account. Addresses begin with ``/public/``.

What a room (disputes, services) uses of it:

**A page for everybody**: `doors.open_door` around a view. It needs no sign-in, is kept by no cache and found by no search
engine, and shows the refusals of actions (`org.errors.ActionError`) in plain words. A form that carries an idempotency
key (``data-unionops-once``) has one effect however often it is sent; the key belongs to the device.

**A page behind a telephone**: `doors.verified_door`. Whoever has no visitor's session is asked for a mobile number and for
the code that is sent to it, and comes back. `visitors.visitor_of(request)` is then a `visitors.Visitor`: ``phone_hash``
(finds rows with the same `org.sealed.blind_index`), ``phone_masked``, ``phone()`` (in clear: log why), ``key``. The session
lasts until 30 minutes after the last sign of life and belongs to nobody's account. Actions that follow are done ``by=User.objects.system()``.

**An entry on the public home page**: in `apps.ready` ``offers.register_offer(Offer(key, label, hint, icon, url_name, order))``.

**A number to ask again with**: ``actions.receipts.make_receipt(thing, prefix="MD", visitor=visitor)`` gives a `Receipt`;
redirect to ``receipt_url(receipt)``, a page that shows the number and its query code to whoever has just made it.
For «查进度» ``lookups.register_lookup("MD", label, function)`` in `apps.ready`: ``function(subject_id) -> Standing | None`` says what
anybody with number and code may read. A wrong number and a wrong code answer alike.

**A link for one outside person**: ``links.register_purpose(LinkPurpose(...))`` in `apps.ready` says what is shown and what is
answered; ``actions.links.issue_link(thing, purpose=..., by=user, name=..., ...)`` returns ``(link, secret)``, and
``actions.links.link_url(secret)`` is the address, told once. Opening (by a button, so that no preview does it), refusing another device,
lateness, the answer and its receipt are done here; each is an event of ``thing``. ``actions.links.revoke_link(link, by=user)``
ends it. ``SignedLink.objects.about(thing)`` and the macro ``counter/_links.html`` show them on the page of the case. Who may
issue or revoke is for the room to check before it calls.

**Templates** extend ``counter/base.html``: blocks ``title``, ``lead`` (one sentence under it), ``page``. No word of the office.

**Limits**: ``limits.spend(Limit(name, most, seconds), key)`` raises `org.errors.TooMany`; keys are hashed, counted in Valkey.
"""
