variable "words" { type = list(string) }

output "text" {
  value = join(", ", sort(var.words))
}
