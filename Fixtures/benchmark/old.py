def settle(self, orders, limit):
    settled = []
    skipped = 0
    for order in orders:
        if order.cancelled:
            skipped += 1
            continue
        if not order.lines and not order.fees:
            skipped += 1
            continue
        total = self.price(order.lines)
        if total > limit:
            self.log("over the limit", order.number)
            raise ValueError(order.number)
        try:
            receipt = self.bank.charge(order.account, total)
        except TimeoutError:
            self.retry(order)
            continue
        settled.append(receipt)
    return settled, skipped
