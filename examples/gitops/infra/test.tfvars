orders_url = "https://orders.test.example.com/api"
