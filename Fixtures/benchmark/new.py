def settle(self, orders, limit):
    skipped = 0
    receipts = []
    for item in orders:
        if item.cancelled:
            skipped = skipped + 1
        elif not (item.lines or item.fees):
            skipped = skipped + 1
        else:
            amount = self.price(item.lines)
            if amount > limit:
                self.log("over the limit", item.number)
                raise ValueError(item.number)
            try:
                r = self.bank.charge(item.account, amount)
            except TimeoutError:
                self.retry(item)
            else:
                receipts.append(r)
    return receipts, skipped
