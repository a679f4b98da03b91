"""Orders of a small warehouse: what is due, what is paid, what goes out next."""

import logging

from depot.storage import load_rates, save_receipt

log = logging.getLogger(__name__)


class OrderBook:
    """All open orders of one customer."""

    def __init__(self, customer, ledger, clock):
        self.customer = customer
        self.ledger = ledger
        self.clock = clock
        self.orders = []
        self.closed = False

    def overdue(self, today):
        """References of the orders that should have been paid by today."""
        return [
            order.reference
            for order in self.orders
            if order.due < today and not order.is_settled()
        ]

    def settle(self, order, payment):
        """Book a payment; returns the receipt, or None when it was refused."""
        if self.closed:
            raise RuntimeError("the order book is closed")
        if payment.amount < order.total:
            log.warning("payment %s is too small", payment.reference)
            self.ledger.reject(payment)
            return None
        entry = self.ledger.book(order, payment)
        order.mark_settled(entry)
        save_receipt(self.customer, entry)
        return entry.receipt

    def weights_by_route(self, planner):
        """Weight of each order under the route that the planner picks for it."""
        weights = {}
        for parcel in self.orders:
            chosen = planner.route_for(parcel.address)
            weights[chosen] = parcel.weight
        return weights

    def quote(self, order, currency):
        """Price of an order in another currency, shipping included."""
        rates = load_rates(self.clock.today())
        gross = order.total + self.ledger.shipping_for(order)
        return round(gross * rates[currency], 2)

    def release(self, order, approver):
        """Let an order leave the warehouse."""
        if self.closed:
            return False
        order.released_by = approver
        if not approver.may_release(order):
            log.info("%s may not release %s", approver.name, order.reference)
            return False
        self.ledger.note(order, "released")
        return True

    def can_merge(self, first, second):
        """Whether two orders may share a parcel."""
        if first.address != second.address:
            return False
        if first.weight + second.weight >= self.ledger.parcel_limit:
            return False
        return self.ledger.accepts(first, second)
